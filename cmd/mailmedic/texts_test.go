package main

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// texts finds what only looks like a message: a say.Text that is made of a string which is
// known when the program runs, or of pieces that are put together.
func texts(all []source) (bad []string) {
	rooms := []string{"checks", "checks/cause"}
	export, err := exports(rooms)
	if err != nil {
		return []string{err.Error()}
	}
	for _, dir := range rooms {
		var files []*ast.File
		var of []source
		for _, s := range all {
			if s.dir() == dir && !s.test() {
				files, of = append(files, s.syntax), append(of, s)
			}
		}
		info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}}
		config := types.Config{Importer: importer.ForCompiler(of[0].fset, "gc", export)}
		if _, err := config.Check("mailmedic/"+dir, of[0].fset, files, info); err != nil {
			return append(bad, err.Error())
		}
		for _, s := range of {
			ast.Inspect(s.syntax, func(n ast.Node) bool {
				if what := pieced(info, n); what != "" {
					bad = append(bad, s.at(n)+": "+what)
				}
				return true
			})
		}
	}
	return bad
}

// pieced says what is wrong with a node that makes a say.Text of no message. A constant is
// one, however it is written.
func pieced(info *types.Info, n ast.Node) string {
	text := func(e ast.Expr) bool {
		t := info.Types[e].Type
		return t != nil && t.String() == "mailmedic/checks/say.Text"
	}
	switch e := n.(type) {
	case *ast.CallExpr:
		if info.Types[e.Fun].IsType() && text(e.Fun) && info.Types[e.Args[0]].Value == nil {
			return "makes a text of a string that is no constant"
		}
		if types.ExprString(e.Fun) == "say.Count" && (info.Types[e.Args[1]].Value == nil || info.Types[e.Args[2]].Value == nil) {
			return "counts with words that are no constant, so that nobody can tell which two belong together"
		}
	case *ast.BinaryExpr:
		if e.Op == token.ADD && text(e) && info.Types[e].Value == nil {
			return "puts texts together with +"
		}
	case *ast.AssignStmt:
		if e.Tok == token.ADD_ASSIGN && text(e.Lhs[0]) {
			return "puts texts together with +="
		}
	}
	return ""
}

// exports gives what the compiler wrote down of the packages that some rooms import.
func exports(rooms []string) (importer.Lookup, error) {
	list := []string{"list", "-export", "-deps", "-f", "{{.ImportPath}} {{.Export}}"}
	for _, dir := range rooms {
		list = append(list, "./"+dir)
	}
	cmd := exec.Command("go", list...)
	cmd.Dir = top
	output, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list -export: %w", err)
	}
	lines := strings.Split(string(output), "\n")
	return func(pkg string) (io.ReadCloser, error) {
		at := slices.IndexFunc(lines, func(line string) bool { return strings.HasPrefix(line, pkg+" ") })
		if at < 0 {
			return nil, fmt.Errorf("go list knows no %s", pkg)
		}
		return os.Open(strings.TrimPrefix(lines[at], pkg+" "))
	}, nil
}
