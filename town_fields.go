package plottage

// TownFields is the catalogue of a town's attributes; its geometry is kept beside it.
var TownFields = []Field[Town]{
	text("id", func(t *Town) *string { return &t.ID }, "乡镇代码", "行政区代码", "街道代码", "xzqdm", "xzdm", "towncode", "townid", "geoid", "code"),
	text("name_zh", func(t *Town) *string { return &t.Name.ZH }, "乡镇名称", "街道名称", "镇街名称", "乡镇", "镇街", "xzqmc", "xzmc", "名称", "name"),
	text("name_en", func(t *Town) *string { return &t.Name.EN }, "nameen", "englishname", "townname", "town"),
	number("power_mw", "MW", func(t *Town) *Opt[float64] { return &t.PowerMW }, "可用负荷", "剩余容量", "powermw"),
	number("vacant_floor_m2", "m2", func(t *Town) *Opt[float64] { return &t.VacantFloorM2 }, "空置厂房面积", "空置厂房", "vacantfloor"),
}

// WayFields is the catalogue of a way's attributes; its geometry is kept beside it.
var WayFields = []Field[Way]{
	text("id", func(w *Way) *string { return &w.ID }, "道路编号", "编号", "osmid", "wayid", "roadid"),
	text("class", func(w *Way) *string { return (*string)(&w.Class) }, "道路等级", "类别", "类型", "等级", "highway", "roadclass", "fclass", "type"),
	text("name", func(w *Way) *string { return &w.Name }, "道路名称", "路名", "名称", "roadname", "street"),
	number("width_m", "m", func(w *Way) *Opt[float64] { return &w.WidthM }, "红线宽度", "路宽", "宽度", "width"),
}
