package gpkg

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/plottage/plottage/locale"
)

// documented reads docs/format.md: the columns under each "### `table`" heading.
func documented(t *testing.T) (tables map[string][]string, text string) {
	t.Helper()
	b, err := os.ReadFile("../../docs/format.md")
	if err != nil {
		t.Fatal(err)
	}
	tables = map[string][]string{}
	heading, column := regexp.MustCompile("^### `(\\w+)`"), regexp.MustCompile("^\\| `(\\w+)` \\|")
	name := ""
	for line := range strings.Lines(string(b)) {
		if m := heading.FindStringSubmatch(line); m != nil {
			name = m[1]
			tables[name] = nil
		} else if strings.HasPrefix(line, "## ") {
			name = ""
		} else if m := column.FindStringSubmatch(line); m != nil && name != "" {
			tables[name] = append(tables[name], m[1])
		}
	}
	return tables, string(b)
}

func TestTheContractNamesEveryTableAndColumnAndNoOther(t *testing.T) {
	doc, text := documented(t)
	s := reopened(t, wholeCity(t))
	rows, err := s.r.Query(`SELECT m.name, group_concat(c.name, ' ') FROM sqlite_master m, pragma_table_info(m.name) c
		WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'rtree_%' GROUP BY m.name`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	seen := 0
	for rows.Next() {
		var name, list string
		if err := rows.Scan(&name, &list); err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(name, "gpkg_") || name == "layer_styles" || name == "sqlite_sequence" {
			if !strings.Contains(text, "`"+name+"`") {
				t.Errorf("docs/format.md does not name %s", name)
			}
			continue
		}
		seen++
		if got := strings.Fields(list); !slices.Equal(doc[name], got) {
			t.Errorf("%s: docs/format.md has %v, the file %v", name, doc[name], got)
		}
	}
	if seen != len(doc) {
		t.Errorf("docs/format.md describes %d tables, the file has %d", len(doc), seen)
	}
}

func TestTheContractNamesEveryKeyOfMetaAndEveryError(t *testing.T) {
	_, text := documented(t)
	s := reopened(t, wholeCity(t))
	rows, err := s.r.Query("SELECT key FROM meta")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var key string
		if err := rows.Scan(&key); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(text, "`"+key+"`") {
			t.Errorf("docs/format.md does not name the key %s of meta", key)
		}
	}
	for key := range locale.Catalogue("en") {
		if name, ok := strings.CutPrefix(key, "error.city_"); ok && !strings.Contains(text, "`city_"+name+"`") {
			t.Errorf("docs/format.md does not name the error city_%s", name)
		}
	}
	if !strings.Contains(text, fmt.Sprintf("# The city file, format %d\n", Format)) {
		t.Errorf("docs/format.md is not the page of format %d", Format)
	}
}

func TestEveryListedColumnHasATitleInBothLanguages(t *testing.T) {
	s := reopened(t, wholeCity(t))
	rows, err := s.r.QueryContext(context.Background(), "SELECT table_name, column_name, title, description FROM gpkg_data_columns")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		var table, column, title, note string
		if err := rows.Scan(&table, &column, &title, &note); err != nil {
			t.Fatal(err)
		}
		n++
		chinese := strings.IndexFunc(title, func(r rune) bool { return r >= 0x4e00 && r < 0xa000 }) >= 0
		if !chinese || note == "" || strings.Contains(note, "_") {
			t.Errorf("%s.%s: title %q, description %q", table, column, title, note)
		}
	}
	if n < 150 {
		t.Errorf("only %d columns are described", n)
	}
}
