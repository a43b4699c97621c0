package plottage

import "strings"

// Building (房屋、幢) is a building on a parcel. Parcels without any on record are
// treated whole.
type Building struct {
	ID        string       `json:"id"` // number of the building, unique in the city
	Parcel    string       `json:"parcel"`
	FloorM2   Opt[float64] `json:"floor_m2"`
	GroundM2  Opt[float64] `json:"ground_m2"` // ground it covers
	Use       string       `json:"use,omitempty"`
	YearBuilt int          `json:"year_built,omitempty"`
	Condition Condition    `json:"condition,omitempty"`
	Protected bool         `json:"protected,omitempty"` // it may not be torn down: listed, or of another's right
	Source    int64        `json:"source,omitempty"`
	Row       int          `json:"row,omitempty"`
}

// Condition is how sound a building is; locale key "renewal.condition.<Condition>".
type Condition string

// The conditions of buildings.
const (
	Sound  Condition = "sound"
	Worn   Condition = "worn"
	Unsafe Condition = "unsafe" // 危房: it is not kept
)

// BuildingFields is the catalogue of a building's attributes. Source and Row are kept
// beside it. Aliases as in [ParcelFields].
var BuildingFields = []Field[Building]{
	text("id", func(b *Building) *string { return &b.ID }, "幢号", "楼栋编号", "楼栋号", "建筑编号", "房屋编号", "自然幢号", "厂房编号", "zrzh", "buildingid", "building", "bin"),
	text("parcel", func(b *Building) *string { return &b.Parcel }, "宗地代码", "宗地号", "宗地编号", "地块编号", "地块号", "所在宗地", "zddm", "dkbh", "parcelid", "apn"),
	number("floor_m2", "m2", func(b *Building) *Opt[float64] { return &b.FloorM2 }, "建筑面积", "总建筑面积", "幢建筑面积", "scjzmj", "floorarea", "grossfloorarea"),
	number("ground_m2", "m2", func(b *Building) *Opt[float64] { return &b.GroundM2 }, "占地面积", "基底面积", "幢占地面积", "zzdmj", "groundarea", "footprint"),
	text("use", func(b *Building) *string { return &b.Use }, "房屋用途", "建筑用途", "规划用途", "fwyt", "buildinguse"),
	whole("year_built", func(b *Building) *int { return &b.YearBuilt }, "建成年份", "竣工年份", "建造年份", "yearbuilt", "built"),
	text("condition", func(b *Building) *string { return (*string)(&b.Condition) }, "房屋状况", "建筑质量", "完损等级", "安全等级", "鉴定等级", "condition"),
	flag("protected", func(b *Building) *bool { return &b.Protected }, "是否保护", "保护建筑", "历史建筑", "文物保护", "不可拆除", "listed", "protected", "heritage"),
}

// Handling is what becomes of a building in a block: keep, refit, raise or clear;
// locale key "renewal.handling.<Handling>".
type Handling string

// The ways to handle a building.
const (
	Keep  Handling = "keep"  // it stays as it is, and who works in it
	Refit Handling = "refit" // it is put in order; who works in it stays
	Raise Handling = "raise" // storeys are added; who works in it stays
	Clear Handling = "clear" // it is torn down
)

// Handled says what becomes of one building.
type Handled struct {
	ID   string   `json:"id"`
	What Handling `json:"what"`
}

// Handled lists what becomes of the buildings of a block's parcels that are not treated
// whole: "BUILDING=keep".
func (b *Block) Handled() []string {
	var all []string
	for _, t := range b.Treated {
		for _, h := range t.Buildings {
			all = append(all, h.ID+"="+string(h.What))
		}
	}
	return all
}

// ShortIn is the building's number without that of its parcel, with which it often
// begins (自然幢号 is 宗地代码 and F0001).
func (h Handled) ShortIn(parcel string) string {
	if rest, ok := strings.CutPrefix(h.ID, parcel); ok && strings.Trim(rest, "-_/ ") != "" {
		return strings.Trim(rest, "-_/ ")
	}
	return h.ID
}

// Treated says what becomes of the buildings of a parcel that a block does not treat
// as its mode treats whole parcels.
type Treated struct {
	Parcel    string    `json:"parcel"`
	Buildings []Handled `json:"buildings"` // every building on record, ascending
}
