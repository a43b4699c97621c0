package main

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/plottage/plottage/kernel/regions"
)

// readTasks reads a folder's areas and what the baseline asked of them; without a
// baseline, the first three columns that hold different numbers and five areas a
// region.
func readTasks(dir string, gal bool) ([]task, error) {
	name := filepath.Base(filepath.Clean(dir))
	near, columns, err := readAreas(dir, gal)
	if err != nil {
		return nil, err
	}
	base := task{name: name, problem: regions.Problem{Adjacent: near, Size: make([]float64, len(near))}}
	for i := range near {
		base.problem.Size[i] = 1
	}
	text, _ := os.ReadFile(filepath.Join(dir, "..", "spopt_baseline.txt"))
	var tasks []task
	for line := range strings.Lines(string(text)) {
		if t := base; strings.HasPrefix(line, name+";") {
			if err := t.ask(strings.TrimSpace(line), columns); err != nil {
				return nil, err
			}
			tasks = append(tasks, t)
		}
	}
	if tasks == nil {
		names := columns.numeric(3)
		base.problem.Threshold = 5
		base.problem.Attribute = columns.rows(names, len(near))
		tasks = []task{base}
	}
	return tasks, nil
}

// ask sets a task up from a line such as
// columbus;n=49;attrs=INC,HOVAL;count>=5;ub_p=9;p=9;H=3146.0836;sec=27.0
func (t *task) ask(line string, c table) (err error) {
	number := func(s string) (x float64) {
		if err == nil {
			x, err = strconv.ParseFloat(s, 64)
		}
		return x
	}
	for _, part := range strings.Split(line, ";") {
		key, value, _ := strings.Cut(part, "=")
		switch key {
		case "attrs":
			names := strings.Split(strings.ToLower(value), ",")
			for _, n := range names {
				if c[n] == nil {
					return fmt.Errorf("no column %s", n)
				}
			}
			t.problem.Attribute = c.rows(names, len(t.problem.Size))
		case "count>":
			t.problem.Threshold = number(value)
		case "p":
			t.p = int(number(value))
		case "H":
			t.h = number(value)
		case "sec":
			t.seconds = number(value)
		}
	}
	return err
}

// table is columns by name in lower case.
type table map[string][]float64

func (c table) rows(names []string, n int) [][]float64 {
	rows := make([][]float64, n)
	for _, name := range names {
		for i := range rows {
			rows[i] = append(rows[i], c[name][i])
		}
	}
	return rows
}

// numeric lists the first columns in order of name that hold different numbers.
func (c table) numeric(count int) (names []string) {
	for name, column := range c {
		if slices.Min(column) < slices.Max(column) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names[:min(count, len(names))]
}

func readAreas(dir string, gal bool) (near [][]int32, c table, err error) {
	shape, list := one(dir, ".shp"), one(dir, ".gal")
	if dbf := strings.TrimSuffix(shape, ".shp") + ".dbf"; shape != "" {
		c, err = readDBF(dbf)
	} else {
		c = table{}
	}
	if err != nil {
		return nil, nil, err
	}
	if file := one(dir, ".csv"); file != "" {
		if err := c.readCSV(file); err != nil {
			return nil, nil, err
		}
	}
	switch {
	case list != "" && (gal || shape == ""):
		near, err = readGAL(list)
	case shape != "":
		near, err = readCorners(shape)
	default:
		err = fmt.Errorf("neither .shp nor .gal")
	}
	for name, column := range c {
		if err == nil && len(column) != len(near) {
			err = fmt.Errorf("column %s has %d rows for %d areas", name, len(column), len(near))
		}
	}
	return near, c, err
}

func (c table) readCSV(file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return err
	}
	for k, name := range rows[0] {
		var column []float64
		for _, row := range rows[1:] {
			if x, err := strconv.ParseFloat(strings.TrimSpace(row[k]), 64); err == nil {
				column = append(column, x)
			}
		}
		if len(column) == len(rows)-1 {
			c[strings.ToLower(name)] = column
		}
	}
	return nil
}

// readDBF reads the number columns of a dBASE III table.
func readDBF(file string) (table, error) {
	b, err := os.ReadFile(file)
	if err != nil || len(b) < 33 {
		return nil, fmt.Errorf("%s is no dBASE table: %v", file, err)
	}
	n, header, width := int(binary.LittleEndian.Uint32(b[4:])), int(binary.LittleEndian.Uint16(b[8:])), int(binary.LittleEndian.Uint16(b[10:]))
	if header+n*width > len(b) {
		return nil, fmt.Errorf("%s is cut off", file)
	}
	c, at := table{}, 1
	for f := 32; f+32 <= header && b[f] != '\r'; f += 32 {
		name, _, _ := strings.Cut(string(b[f:f+11]), "\x00")
		length := int(b[f+16])
		var column []float64
		for r := range n {
			text := b[header+r*width+at:][:length]
			if x, err := strconv.ParseFloat(string(bytes.TrimSpace(text)), 64); err == nil {
				column = append(column, x)
			}
		}
		if n > 0 && len(column) == n {
			c[strings.ToLower(name)] = column
		}
		at += length
	}
	return c, nil
}

// readGAL reads neighbours: an area's name and how many, then their names.
func readGAL(file string) ([][]int32, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	first, rest, _ := strings.Cut(string(b), "\n")
	head := strings.Fields(first)
	words := strings.Fields(rest)
	index := map[string]int32{}
	var lists [][]string
	for i := 0; i+1 < len(words); {
		k, err := strconv.Atoi(words[i+1])
		if err != nil || k < 0 || i+2+k > len(words) {
			return nil, fmt.Errorf("%s: the count of neighbours of %s does not fit", file, words[i])
		}
		index[words[i]] = int32(len(lists))
		lists = append(lists, words[i+2:i+2+k])
		i += 2 + k
	}
	if len(head) == 0 {
		return nil, fmt.Errorf("%s is empty", file)
	}
	near := make([][]int32, len(lists))
	for i, list := range lists {
		for _, name := range list {
			j, ok := index[name]
			if !ok {
				return nil, fmt.Errorf("%s: no area %s", file, name)
			}
			near[i] = append(near[i], j)
		}
		slices.Sort(near[i])
	}
	return near, nil
}

// readCorners finds which polygons of a shapefile share a corner: queen contiguity.
func readCorners(file string) ([][]int32, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	type corner struct{ x, y uint64 }
	owners := map[corner][]int32{}
	n := int32(0)
	for at := 100; at+12 <= len(b); n++ {
		length := 2 * int(binary.BigEndian.Uint32(b[at+4:]))
		record := b[at+8:]
		if length > len(record) || length < 44 {
			return nil, fmt.Errorf("%s: record %d is cut off or no polygon", file, n+1)
		}
		parts, points := int(binary.LittleEndian.Uint32(record[36:])), int(binary.LittleEndian.Uint32(record[40:]))
		if 44+4*parts+16*points > length {
			return nil, fmt.Errorf("%s: record %d is cut off", file, n+1)
		}
		for k := range points {
			p := record[44+4*parts+16*k:]
			c := corner{binary.LittleEndian.Uint64(p), binary.LittleEndian.Uint64(p[8:])}
			if list := owners[c]; len(list) == 0 || list[len(list)-1] != n {
				owners[c] = append(list, n)
			}
		}
		at += 8 + length
	}
	near := make([][]int32, n)
	for _, list := range owners {
		for _, i := range list {
			for _, j := range list {
				if i != j {
					near[i] = append(near[i], j)
				}
			}
		}
	}
	for i := range near {
		slices.Sort(near[i])
		near[i] = slices.Compact(near[i])
	}
	return near, nil
}
