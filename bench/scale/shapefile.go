package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"
)

const prj = `PROJCS["CGCS2000_3_Degree_GK_CM_120E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",120.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]`

// lot is one made-up parcel: a box, shared corners with its neighbours.
type lot struct {
	x0, y0, x1, y1 float64
	id             string
	use            string
	land, bldg     int
	floor, year    int
}

const (
	across, deep  = 6, 4      // lots of a street block
	width, depth  = 40.0, 60. // metres of a lot
	street        = 18.0
	east0, north0 = 480_000.0, 3_240_000.0
)

// lots lists n parcels block by block.
func lots(n int) []lot {
	r := rand.New(rand.NewPCG(1, uint64(n)))
	blocksWide := int(math.Sqrt(float64(n)/(across*deep))) + 1
	uses := []string{"4000", "4010", "1010", "1040", "3160", "3250", "1110", "9300"}
	all := make([]lot, n)
	for i := range all {
		block, at := i/(across*deep), i%(across*deep)
		x := east0 + float64(block%blocksWide)*(across*width+street) + float64(at%across)*width
		y := north0 + float64(block/blocksWide)*(deep*depth+street) + float64(at/across)*depth
		land := 200_000 + r.IntN(2_000_000)
		all[i] = lot{x, y, x + width, y + depth, fmt.Sprintf("%07d", i+1), uses[r.IntN(len(uses))],
			land, int(float64(land) * 3 * r.Float64()), 200 + r.IntN(5000), 1900 + r.IntN(120)}
	}
	return all
}

// writeShapefile writes the lots as .shp, .shx, .dbf and .prj (ESRI 1998).
func writeShapefile(path string, n int) error {
	all := lots(n)
	base := strings.TrimSuffix(path, ".shp")
	if err := os.WriteFile(base+".prj", []byte(prj), 0o644); err != nil {
		return err
	}
	if err := writeShapes(base, all); err != nil {
		return err
	}
	return writeTable(base+".dbf", all)
}

const polygonBytes = 44 + 4 + 5*16 // one part, five points

func writeShapes(base string, all []lot) error {
	shp, err := os.Create(base + ".shp")
	if err != nil {
		return err
	}
	shx, err := os.Create(base + ".shx")
	if err != nil {
		return err
	}
	w, x := bufio.NewWriter(shp), bufio.NewWriter(shx)
	last := all[len(all)-1]
	box := []float64{east0, north0, last.x1 + 1e5, last.y1}
	header(w, 100+len(all)*(8+polygonBytes), box)
	header(x, 100+len(all)*8, box)
	offset := 50
	for i, l := range all {
		for _, v := range []uint32{uint32(i + 1), polygonBytes / 2} {
			binary.Write(w, binary.BigEndian, v)
		}
		for _, v := range []uint32{uint32(offset), polygonBytes / 2} {
			binary.Write(x, binary.BigEndian, v)
		}
		offset += 4 + polygonBytes/2
		binary.Write(w, binary.LittleEndian, uint32(5))
		binary.Write(w, binary.LittleEndian, []float64{l.x0, l.y0, l.x1, l.y1})
		binary.Write(w, binary.LittleEndian, []uint32{1, 5, 0})
		binary.Write(w, binary.LittleEndian, []float64{l.x0, l.y0, l.x0, l.y1, l.x1, l.y1, l.x1, l.y0, l.x0, l.y0})
	}
	for _, b := range []*bufio.Writer{w, x} {
		if err := b.Flush(); err != nil {
			return err
		}
	}
	if err := shx.Close(); err != nil {
		return err
	}
	return shp.Close()
}

func header(w *bufio.Writer, bytes int, box []float64) {
	binary.Write(w, binary.BigEndian, []uint32{9994, 0, 0, 0, 0, 0, uint32(bytes / 2)})
	binary.Write(w, binary.LittleEndian, []uint32{1000, 5})
	binary.Write(w, binary.LittleEndian, box)
	binary.Write(w, binary.LittleEndian, make([]float64, 4))
}

func writeTable(path string, all []lot) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	fields := []struct {
		name   string
		kind   byte
		length int
	}{{"PID", 'C', 10}, {"USE_CODE", 'C', 6}, {"LAND_VAL", 'N', 10}, {"BLDG_VAL", 'N', 10}, {"BLDG_AREA", 'N', 8}, {"YEAR_BUILT", 'N', 4}}
	size := 1
	for _, c := range fields {
		size += c.length
	}
	binary.Write(w, binary.LittleEndian, []byte{3, 126, 1, 1})
	binary.Write(w, binary.LittleEndian, uint32(len(all)))
	binary.Write(w, binary.LittleEndian, []uint16{uint16(32 + 32*len(fields) + 1), uint16(size)})
	w.Write(make([]byte, 20))
	for _, c := range fields {
		desc := make([]byte, 32)
		copy(desc, c.name)
		desc[11], desc[16] = c.kind, byte(c.length)
		w.Write(desc)
	}
	w.WriteByte(0x0d)
	for _, l := range all {
		fmt.Fprintf(w, " %-10s%-6s%10d%10d%8d%4d", l.id, l.use, l.land, l.bldg, l.floor*10, l.year)
	}
	w.WriteByte(0x1a)
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Close()
}
