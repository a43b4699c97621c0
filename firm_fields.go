package plottage

// FirmFields is the catalogue of a firm's attributes. Source and Row are kept
// beside it. Aliases as in [ParcelFields].
var FirmFields = []Field[Firm]{
	text("id", func(f *Firm) *string { return &f.ID }, "统一社会信用代码", "社会信用代码", "信用代码", "统一信用代码", "组织机构代码", "tyshxydm", "xydm", "uscc", "firmid", "firm", "companynumber", "taxid", "企业编号", "企业id"),
	text("name", func(f *Firm) *string { return &f.Name }, "企业名称", "单位名称", "企业", "单位详细名称", "公司名称", "qymc", "dwmc", "firmname", "company", "companyname", "enterprise", "名称"),
	text("industry", func(f *Firm) *string { return &f.Industry }, "行业代码", "行业", "国民经济行业", "国民经济行业代码", "行业类别", "hydm", "sic", "nace", "isic", "naics", "industrycode"),
	text("class", func(f *Firm) *string { return &f.Class }, "亩均评价", "评价等级", "亩均等级", "综合评价等级", "企业等级", "等级", "grade"),
	text("town", func(f *Firm) *string { return &f.Town }, "乡镇", "镇街", "街道", "所属乡镇", "所在镇街", "所属镇街", "xzmc", "township", "district"),
	day("since", func(f *Firm) *Date { return &f.Since }, "成立日期", "成立时间", "注册日期", "开业时间", "clrq", "founded", "incorporated", "registeredon"),
	day("bought_on", func(f *Firm) *Date { return &f.BoughtOn }, "购地日期", "购入日期", "拍得日期", "boughton"),
	day("permit_on", func(f *Firm) *Date { return &f.PermitOn }, "许可日期", "最近许可日期", "环评批复日期", "permiton"),
	day("equipment_on", func(f *Firm) *Date { return &f.EquipmentOn }, "设备购置日期", "equipmenton"),
	flag("sole_employer", func(f *Firm) *bool { return &f.SoleEmployer }, "村内唯一大企业", "唯一大户", "soleemployer"),
	number("power_mw", "MW", func(f *Firm) *Opt[float64] { return &f.PowerMW }, "用电负荷", "报装容量", "用电容量", "powermw", "connectedload"),
}

// FirmYearFields is the catalogue of a firm's yearly figures.
var FirmYearFields = []Field[FirmYear]{
	text("firm", func(f *FirmYear) *string { return &f.Firm }, "统一社会信用代码", "社会信用代码", "信用代码", "tyshxydm", "uscc", "firmid", "taxid"),
	whole("year", func(f *FirmYear) *int { return &f.Year }, "年份", "年度", "统计年度", "评价年度", "nf", "nd", "fiscalyear"),
	number("tax", "money/year", func(f *FirmYear) *Opt[float64] { return &f.Tax }, "税收", "税收实际贡献", "实缴税金", "入库税收", "税金", "纳税额", "ss", "taxpaid", "taxes"),
	number("revenue", "money/year", func(f *FirmYear) *Opt[float64] { return &f.Revenue }, "营业收入", "主营业务收入", "销售收入", "产值", "工业总产值", "turnover", "sales"),
	number("value_added", "money/year", func(f *FirmYear) *Opt[float64] { return &f.ValueAdded }, "增加值", "工业增加值", "gva", "valueadded"),
	number("energy_tce", "tce", func(f *FirmYear) *Opt[float64] { return &f.EnergyTCE }, "能耗", "综合能耗", "能源消费量", "用能量", "总能耗", "energy"),
	number("emission_t", "t", func(f *FirmYear) *Opt[float64] { return &f.EmissionT }, "排放量", "主要污染物排放量", "排污量", "emissions"),
	number("rd", "money/year", func(f *FirmYear) *Opt[float64] { return &f.RD }, "研发经费", "rd经费", "研发费用", "研发投入", "研究与试验发展经费支出", "rnd"),
	number("workers", "person", func(f *FirmYear) *Opt[float64] { return &f.Workers }, "职工人数", "从业人员", "年平均职工人数", "员工人数", "从业人数", "employees", "headcount", "jobs"),
}

// HoldingFields is the catalogue of what ties a firm to a parcel.
var HoldingFields = []Field[Holding]{
	text("firm", func(h *Holding) *string { return &h.Firm }, "统一社会信用代码", "社会信用代码", "信用代码", "tyshxydm", "uscc", "firmid"),
	text("parcel", func(h *Holding) *string { return &h.Parcel }, "宗地代码", "宗地号", "宗地编号", "地块编号", "地块号", "不动产单元号", "zddm", "dkbh", "parcelid", "apn"),
	flag("tenant", func(h *Holding) *bool { return &h.Tenant }, "是否租赁", "承租", "租赁", "是否承租", "rented", "istenant"),
	number("land_m2", "m2", func(h *Holding) *Opt[float64] { return &h.LandM2 }, "用地面积", "占地面积", "实际用地面积", "土地面积", "landarea"),
	number("floor_m2", "m2", func(h *Holding) *Opt[float64] { return &h.FloorM2 }, "建筑面积", "厂房面积", "租用面积", "租赁面积", "floorarea"),
	list("buildings", func(h *Holding) *[]string { return &h.Buildings }, "所在楼栋", "所在幢号", "楼栋", "幢号", "楼栋编号", "buildings", "buildingid"),
}
