package plottage

// ProjectFields is the catalogue of a project's attributes. Source and Row are
// kept beside it; lists are text parted by semicolons. A number that is 0 counts
// as not given.
var ProjectFields = []Field[Project]{
	text("id", func(p *Project) *string { return &p.ID }, "项目编号", "项目代码", "项目id", "xmbh", "xmdm", "projectid", "code"),
	text("name", func(p *Project) *string { return &p.Name }, "项目名称", "项目", "xmmc", "projectname", "title", "名称"),
	text("industry", func(p *Project) *string { return &p.Industry }, "行业代码", "行业", "产业类别", "所属行业", "sector", "nace", "isic"),
	text("stage", func(p *Project) *string { return &p.Stage }, "阶段", "项目阶段", "项目状态", "status"),
	plain("area_m2", "m2", func(p *Project) *float64 { return &p.AreaM2 }, "用地需求", "需求用地", "拟用地面积", "用地面积", "需地面积", "所需用地", "landneeded", "siteneeded"),
	text("use", func(p *Project) *string { return &p.Use }, "用途", "土地用途", "用地性质", "landuse"),
	list("modes", func(p *Project) *[]string { return &p.Modes }, "供地方式", "模式"),
	plain("power_mw", "MW", func(p *Project) *float64 { return &p.PowerMW }, "用电负荷", "用电需求", "powermw", "power"),
	plain("min_far", "", func(p *Project) *float64 { return &p.MinFAR }, "容积率", "最低容积率", "minfar", "plotratio"),
	list("towns", func(p *Project) *[]string { return &p.Towns }, "意向镇街", "意向区域", "拟落户镇街", "拟选址", "towns"),
	list("near", func(p *Project) *[]string { return &p.Near }, "配套企业", "邻近企业"),
	plain("protective_m", "m", func(p *Project) *float64 { return &p.ProtectiveM }, "防护距离", "卫生防护距离", "protectivedistance"),
	whole("release", func(p *Project) *int { return &p.Release }, "最早用地年份", "最早年份", "起始年份", "计划用地年份", "开工年份", "release", "startyear"),
	whole("deadline", func(p *Project) *int { return &p.Deadline }, "最迟用地年份", "最迟年份", "最晚年份", "最晚用地年份", "截止年份", "deadline"),
	plain("investment", "money", func(p *Project) *float64 { return &p.Investment }, "总投资", "固定资产投资", "计划总投资", "投资额", "capex"),
	plain("tax", "money/year", func(p *Project) *float64 { return &p.Tax }, "预计税收", "承诺税收", "年税收", "达产税收", "expectedtax"),
	plain("value_added", "money/year", func(p *Project) *float64 { return &p.ValueAdded }, "预计增加值", "增加值", "gva"),
	plain("jobs", "person", func(p *Project) *float64 { return &p.Jobs }, "就业人数", "就业", "新增就业", "预计用工", "带动就业", "employees"),
}
