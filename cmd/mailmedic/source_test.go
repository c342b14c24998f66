package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"io/fs"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// top is the folder of go.mod, seen from this package.
const top = "../.."

// room is a package as "go list" describes it. Imports and Deps leave tests out.
type room struct {
	ImportPath    string
	Imports, Deps []string
}

// source is one Go file, for whatever system it is.
type source struct {
	name   string // from the top of the module, with slashes
	fset   *token.FileSet
	syntax *ast.File
}

func (s source) dir() string { return path.Dir(s.name) }
func (s source) test() bool  { return strings.HasSuffix(s.name, "_test.go") }

func (s source) at(n ast.Node) string {
	return fmt.Sprintf("%s:%d", s.name, s.fset.Position(n.Pos()).Line)
}

func rooms(t *testing.T) (all []room) {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports,Deps", "./...")
	cmd.Dir = top
	output, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	for d := json.NewDecoder(bytes.NewReader(output)); ; {
		var r room
		if err := d.Decode(&r); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatalf("go list: %v", err)
		}
		all = append(all, r)
	}
}

func sources(t *testing.T) (all []source) {
	t.Helper()
	fset := token.NewFileSet()
	err := filepath.WalkDir(top, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(top, file)
		switch {
		case err != nil:
			return err
		case d.IsDir() && slices.Contains([]string{".git", "dist", "testdata"}, d.Name()):
			return fs.SkipDir
		case d.IsDir() || filepath.Ext(file) != ".go":
			return nil
		}
		syntax, err := parser.ParseFile(fset, file, nil, parser.ParseComments|parser.SkipObjectResolution)
		all = append(all, source{filepath.ToSlash(name), fset, syntax})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// variable is one name of a package-level var declaration.
type variable struct {
	name  string
	at    string
	made  string // the type or function that makes the value: "Check", "errors.New"
	embed bool   // the value is a file
}

func (s source) variables() (found []variable) {
	for _, d := range s.syntax.Decls {
		decl, ok := d.(*ast.GenDecl)
		if !ok || decl.Tok != token.VAR {
			continue
		}
		for _, spec := range decl.Specs {
			spec := spec.(*ast.ValueSpec)
			v := variable{at: s.at(spec), embed: embeds(decl.Doc) || embeds(spec.Doc)}
			for i, name := range spec.Names {
				v.name, v.made = name.Name, ""
				if i < len(spec.Values) {
					v.made = maker(spec.Values[i])
				}
				found = append(found, v)
			}
		}
	}
	return found
}

func embeds(doc *ast.CommentGroup) bool {
	return doc != nil && slices.ContainsFunc(doc.List, func(c *ast.Comment) bool { return strings.HasPrefix(c.Text, "//go:embed ") })
}

func maker(value ast.Expr) string {
	switch e := value.(type) {
	case *ast.CompositeLit:
		return types.ExprString(e.Type)
	case *ast.CallExpr:
		return types.ExprString(e.Fun)
	}
	return ""
}

// fixed tells whether nobody would think of changing the value while the program runs.
func (v variable) fixed() bool {
	return v.embed || v.name == "_" || slices.Contains([]string{"Check", "Cause", "errors.New", "regexp.MustCompile", "pattern"}, v.made)
}

// uses lists where a file uses one of the names of a package. The package's own name is
// given, because its path does not always end in it.
func (s source) uses(pkg, local string, names ...string) (found []string) {
	at := slices.IndexFunc(s.syntax.Imports, func(i *ast.ImportSpec) bool { return importPath(i) == pkg })
	if at < 0 {
		return nil
	}
	if name := s.syntax.Imports[at].Name; name != nil {
		local = name.Name
	}
	ast.Inspect(s.syntax, func(n ast.Node) bool {
		if use, ok := n.(*ast.SelectorExpr); ok && slices.Contains(names, use.Sel.Name) {
			if id, ok := use.X.(*ast.Ident); ok && id.Name == local {
				found = append(found, s.at(n)+": uses "+local+"."+use.Sel.Name)
			}
		}
		return true
	})
	return found
}

func importPath(i *ast.ImportSpec) string {
	unquoted, _ := strconv.Unquote(i.Path.Value)
	return unquoted
}
