package lint

import (
	"go/ast"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/plottage/plottage/locale"
)

const root = "../.."

func packages(t *testing.T) []Package {
	t.Helper()
	pkgs, err := Packages(root)
	if err != nil {
		t.Fatal(err)
	}
	if len(pkgs) < 5 {
		t.Fatalf("found only %d packages", len(pkgs))
	}
	return pkgs
}

func TestImportsGoDown(t *testing.T) {
	for _, p := range packages(t) {
		for _, to := range p.Imports {
			if ok, why := Allowed(p.Dir, to); !ok {
				t.Errorf("%s imports %s: %s", p.Dir, to, why)
			}
		}
	}
}

// The rule itself must bite.
func TestABreachIsSeen(t *testing.T) {
	for _, breach := range [][2]string{{"land", "renewal"}, {"kernel/lp", "."}, {"land", "internal/gpkg"}, {".", "land"}, {"internal/cli", "cmd/plottage"}} {
		if ok, _ := Allowed(breach[0], breach[1]); ok {
			t.Errorf("%s may import %s", breach[0], breach[1])
		}
	}
}

func TestKernelsAndPartsDoNoIO(t *testing.T) {
	forbidden := []string{"os", "os/exec", "net", "net/http", "log", "log/slog", "database/sql", "syscall"}
	for _, p := range packages(t) {
		if l := LayerOf(p.Dir); l != Kernel && l != Root && l != Part {
			continue
		}
		for name, f := range p.Files {
			for _, spec := range f.Imports {
				if slices.Contains(forbidden, strings.Trim(spec.Path.Value, `"`)) {
					t.Errorf("%s/%s imports %s: kernels and parts do no input or output", p.Dir, name, spec.Path.Value)
				}
			}
			ast.Inspect(f, func(n ast.Node) bool {
				if s, ok := n.(*ast.SelectorExpr); ok {
					if x, ok := s.X.(*ast.Ident); ok && x.Name == "time" && s.Sel.Name == "Now" && x.Obj == nil {
						t.Errorf("%s/%s reads the clock: take it as an argument", p.Dir, name)
					}
				}
				return true
			})
		}
	}
}

func TestEveryPackageIsDocumented(t *testing.T) {
	for _, p := range packages(t) {
		if !p.Doc {
			t.Errorf("%s has no package comment", p.Dir)
		}
		if slices.Contains([]string{"util", "utils", "common", "helper", "helpers", "models", "types", "misc"}, p.Name) {
			t.Errorf("%s: the name %q says nothing", p.Dir, p.Name)
		}
	}
}

func TestEveryExportedNameIsDocumented(t *testing.T) {
	for _, p := range packages(t) {
		if p.Name == "main" {
			continue
		}
		for file, f := range p.Files {
			for _, name := range undocumented(f) {
				t.Errorf("%s/%s: %s has no comment", p.Dir, file, name)
			}
		}
	}
}

func undocumented(f *ast.File) (names []string) {
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Name.IsExported() && d.Doc == nil && (d.Recv == nil || ast.IsExported(receiver(d.Recv))) {
				names = append(names, d.Name.Name)
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.TypeSpec:
					if s.Name.IsExported() && d.Doc == nil && s.Doc == nil {
						names = append(names, s.Name.Name)
					}
				case *ast.ValueSpec:
					if s.Names[0].IsExported() && d.Doc == nil && s.Doc == nil && s.Comment == nil {
						names = append(names, s.Names[0].Name)
					}
				}
			}
		}
	}
	return names
}

func receiver(fields *ast.FieldList) string {
	name := ""
	ast.Inspect(fields.List[0].Type, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && name == "" {
			name = id.Name
		}
		return name == ""
	})
	return name
}

var citation = regexp.MustCompile(`docs/([a-z0-9/_-]+\.md)(?:#([a-z0-9-]+))?`)

// Every page of docs that the code cites exists, with the anchor it cites.
func TestCitedPagesExist(t *testing.T) {
	for _, file := range tracked(t, `\.go$`) {
		for _, m := range citation.FindAllStringSubmatch(read(t, file), -1) {
			if strings.Contains(m[1], "-x") || m[1] == "x.md" {
				continue
			}
			page, err := os.ReadFile(filepath.Join(root, "docs", m[1]))
			if err != nil {
				t.Errorf("%s cites docs/%s, which is not there", file, m[1])
			} else if m[2] != "" && !slices.Contains(anchors(string(page)), m[2]) {
				t.Errorf("%s cites docs/%s#%s: no such heading", file, m[1], m[2])
			}
		}
	}
}

var notInAnchor = regexp.MustCompile(`[^\p{L}\p{N} _-]`)

func anchors(page string) (all []string) {
	for line := range strings.Lines(page) {
		if title, ok := strings.CutPrefix(strings.TrimLeft(line, "#"), " "); ok && strings.HasPrefix(line, "#") {
			a := notInAnchor.ReplaceAllString(strings.ToLower(strings.TrimSpace(title)), "")
			all = append(all, strings.ReplaceAll(a, " ", "-"))
		}
	}
	return all
}

// A manual page in one language has its twin in the other.
func TestManualIsBilingual(t *testing.T) {
	for _, file := range tracked(t, `^docs/manual/.*\.md$`) {
		twin := strings.TrimSuffix(file, ".md") + ".zh.md"
		if strings.HasSuffix(file, ".zh.md") {
			twin = strings.TrimSuffix(file, ".zh.md") + ".md"
		}
		if _, err := os.Stat(filepath.Join(root, twin)); err != nil {
			t.Errorf("%s has no twin %s", file, twin)
		}
	}
}

func TestGoModHasNoReplaceAndTheRightLibc(t *testing.T) {
	mod := read(t, "go.mod")
	if regexp.MustCompile(`(?m)^replace\b`).MatchString(mod) {
		t.Error("go.mod has a replace directive")
	}
	// modernc.org/sqlite works only with the libc it was generated against.
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "modernc.org/sqlite").Output()
	if err != nil {
		t.Skipf("go list: %v", err)
	}
	theirs, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "go.mod"))
	if err != nil {
		t.Skip(err)
	}
	libc := regexp.MustCompile(`modernc\.org/libc (v\S+)`)
	want, got := libc.FindStringSubmatch(string(theirs)), libc.FindStringSubmatch(mod)
	if want == nil || got == nil || want[1] != got[1] {
		t.Errorf("modernc.org/libc is %v, sqlite wants %v", got, want)
	}
}

func TestChangelogFragmentsSayTheirKind(t *testing.T) {
	kind := regexp.MustCompile(`^(Bugfix|Enhancement|Change|Security): \S`)
	for _, file := range tracked(t, `^changelog/unreleased/.*\.md$`) {
		if !kind.MatchString(read(t, file)) {
			t.Errorf("%s: first line must be “Enhancement: …”, “Bugfix: …”, “Change: …” or “Security: …”", file)
		}
	}
}

var (
	keyLiteral = regexp.MustCompile(`(?:\.t\(|locale\.T\([a-zA-Z.]+, ?)"([a-z0-9_.]+)"[,)]`)
	errorKey   = regexp.MustCompile(`plottage\.Error\{[^}]*Key: "([a-z0-9_.]+)"`)
)

// A sentence the code asks for by a literal key is in the catalogue.
func TestAskedSentencesExist(t *testing.T) {
	en := locale.Catalogue("en")
	for _, file := range tracked(t, `\.go$`) {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		src := read(t, file)
		for _, m := range keyLiteral.FindAllStringSubmatch(src, -1) {
			if _, ok := en[m[1]]; !ok && !strings.HasSuffix(m[1], ".") {
				t.Errorf("%s asks for %q, which the catalogue lacks", file, m[1])
			}
		}
		for _, m := range errorKey.FindAllStringSubmatch(src, -1) {
			for _, key := range []string{"error." + m[1], "hint." + m[1]} {
				if _, ok := en[key]; !ok {
					t.Errorf("%s: the catalogue lacks %q", file, key)
				}
			}
		}
	}
}

// A value that is refused for an option comes with how the option is written.
func TestRefusedOptionsSayHowTheyAreWritten(t *testing.T) {
	refused := regexp.MustCompile(`(?:optionError|parseAmount|parseCaps)\("([a-z_]+)"`)
	options := 0
	for _, file := range tracked(t, `^internal/workspace/.*\.go$`) {
		for _, m := range refused.FindAllStringSubmatch(read(t, file), -1) {
			options++
			if hint := "hint.renewal_option." + m[1]; locale.Hint("en", "renewal_option", map[string]any{"option": m[1]}) != locale.Catalogue("en")[hint] {
				t.Errorf("%s refuses values of %s: the catalogue lacks %q", file, m[1], hint)
			}
		}
	}
	if options < 30 {
		t.Errorf("found %d refusals only: the test tests nothing", options)
	}
}

// Every attribute of a catalogue has a label.
func TestFieldsAreLabelled(t *testing.T) {
	en := locale.Catalogue("en")
	for _, name := range fieldNames() {
		if _, ok := en["field."+name]; !ok {
			t.Errorf("the catalogue lacks field.%s", name)
		}
	}
}

func tracked(t *testing.T, pattern string) (files []string) {
	t.Helper()
	re := regexp.MustCompile(pattern)
	cmd := exec.Command("git", "ls-files", "--cached", "--others", "--exclude-standard")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		t.Skipf("not a git checkout: %v", err)
	}
	for line := range strings.Lines(string(out)) {
		if f := strings.TrimSpace(line); re.MatchString(f) {
			if _, err := os.Stat(filepath.Join(root, f)); err == nil {
				files = append(files, f)
			}
		}
	}
	return files
}

func read(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, file))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
