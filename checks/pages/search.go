package pages

import (
	"math"
	"slices"
	"strings"
	"unicode"
)

// mostFound is how many pages a search gives: who has to read more has not found it.
const mostFound = 10

// Search lists the pages that fit words which somebody typed or pasted from a mail
// program, best first, at most ten. Case and order of the words do not matter. Nothing
// fits words that say nothing, and a code or a slug fits its own page alone. In another
// language than English, words of both are found: programs and servers speak English.
func (l Library) Search(words string) []Page {
	if page, ok := l.Find(words); ok {
		return []Page{page}
	}
	all, err := l.All()
	if err != nil {
		return nil
	}
	r := l.language.reader()
	q := query{words: r.telling(words), signs: r.signs(words), line: strings.Join(r.raw(words), " ")}
	if len(q.words) == 0 {
		return nil
	}
	indexes, err := l.indexes(r, all)
	if err != nil {
		return nil
	}
	q.weights = weigh(q.words, indexes)

	scores := map[string]float64{}
	var found []Page
	for i, page := range all {
		if score := q.score(page, indexes[i]); score > 0 {
			scores[page.Code] = score
			found = append(found, page)
		}
	}
	slices.SortStableFunc(found, func(a, b Page) int {
		switch {
		case scores[a.Code] > scores[b.Code]:
			return -1
		case scores[a.Code] < scores[b.Code]:
			return 1
		}
		return 0
	})
	return found[:min(len(found), mostFound)]
}

// What a hit is worth, most telling first. The steps are wide enough that a lower kind
// of hit does not add up to a higher one in the length of a pasted message.
const (
	hitCode   = 10000
	hitPhrase = 1000 // all words of a program's phrase, in the query or the other way round
	hitWords  = 20
	hitNotice = 8
	hitTitle  = 6
	hitBody   = 1
)

// query is what is searched for.
type query struct {
	words   []string
	signs   []string           // those that name one thing, as an error number does
	line    string             // all words in their order, the common ones too
	weights map[string]float64 // by word: a rare one tells more
}

// index is a page, cut into words by how telling they are.
type index struct {
	phrases [][]string
	lines   []string // the phrases as query.line
	words   []string
	notice  []string
	title   []string
	body    []string
}

// indexes cuts up pages, and what the English ones of the same codes say beside them.
func (l Library) indexes(r reader, all []Page) ([]index, error) {
	list := make([]index, len(all))
	for i, page := range all {
		list[i].add(r, page)
	}
	if l.language.folder == "" {
		return list, nil
	}
	plain, err := All()
	for i, page := range plain {
		page.Words = nil // a page in another language has them too
		list[i].add(r, page)
	}
	return list, err
}

func (x *index) add(r reader, p Page) {
	x.notice = append(x.notice, r.telling(p.Notice)...)
	x.title = append(x.title, r.telling(p.Title+" "+p.Cause)...)
	for _, phrase := range p.Words {
		if told := r.telling(phrase); len(told) > 0 {
			x.phrases = append(x.phrases, told)
			x.lines = append(x.lines, strings.Join(r.raw(phrase), " "))
			x.words = append(x.words, told...)
		}
	}
	x.words = append(x.words, r.telling(strings.ReplaceAll(p.Slug, "-", " "))...)
	for _, s := range p.Sections[:4] { // what speaks of the fault; the rest speaks of its neighbours
		x.body = append(x.body, r.telling(s.Text)...)
	}
}

// weigh gives each word of the query between 0 and 1: the fewer pages have it in what
// programs show for them, the more it tells.
func weigh(words []string, indexes []index) map[string]float64 {
	weights := map[string]float64{}
	for _, w := range words {
		n := 0
		for _, x := range indexes {
			if slices.Contains(x.words, w) {
				n++
			}
		}
		weights[w] = math.Log(float64(len(indexes)+1)/float64(n+1)) / math.Log(float64(len(indexes)+1))
	}
	return weights
}

// score is 0 for a page that has nothing to do with the query: it has neither most of
// the words where it names the fault, nor every word with one of them there, nor is it
// quoted.
func (q query) score(p Page, x index) float64 {
	score, quoted := q.phrase(x)
	if slices.ContainsFunc(q.words, func(w string) bool { return codeOf(w) == p.Code && len(w) > 3 }) {
		score, quoted = score+hitCode, true
	}
	met, every := 0, true
	for _, w := range q.words {
		hit := 0.0
		switch {
		case slices.Contains(x.words, w):
			hit = hitWords
		case slices.Contains(x.notice, w):
			hit = hitNotice
		case slices.Contains(x.title, w):
			hit = hitTitle
		case slices.Contains(x.body, w):
			score += hitBody * q.weights[w]
			continue
		default:
			every = false
			continue
		}
		met++
		score += hit * q.weights[w]
	}
	if most := met*2 > len(q.words) || every && met > 0; !most && !quoted {
		return 0
	}
	return score
}

// phrase is the worth of the best phrase in common. A phrase that the query quotes
// word for word counts more than one whose words are merely there. quoted tells whether
// one of them is enough for itself, in however long a message.
func (q query) phrase(x index) (best float64, quoted bool) {
	for i, phrase := range x.phrases {
		inQuery, inPhrase := contains(q.words, phrase), contains(phrase, q.words)
		certain := slices.Contains(q.signs, x.lines[i]) || strings.Contains(x.lines[i], " ") && q.quotes(x.lines[i])
		if !inPhrase && (!inQuery || len(phrase) == 1 && !certain) {
			continue // one word is no phrase
		}
		quoted = quoted || inQuery && (certain || len(phrase) > 2)
		common := phrase
		if inPhrase {
			common = q.words
		}
		worth := hitPhrase * q.worth(common)
		if q.quotes(x.lines[i]) || strings.Contains(" "+x.lines[i]+" ", " "+q.line+" ") {
			worth *= 1.5
		}
		if inQuery && inPhrase {
			worth *= 1.2
		}
		best = max(best, worth)
	}
	return best, quoted
}

// quotes tells whether a phrase stands in the query word for word.
func (q query) quotes(line string) bool { return strings.Contains(" "+q.line+" ", " "+line+" ") }

func (q query) worth(words []string) float64 {
	sum := 0.0
	for _, w := range words {
		sum += q.weights[w]
	}
	return sum
}

// contains tells whether every word of some is among all.
func contains(all, some []string) bool {
	return !slices.ContainsFunc(some, func(w string) bool { return !slices.Contains(all, w) })
}

// Telling cuts text into the words that something can be found by, each once, in lower
// case and in the form in which words of the language are compared.
func (l Library) Telling(text string) []string { return l.language.reader().telling(text) }

// reader cuts up text in a language.
type reader struct {
	common map[string]bool
	form   func(word, before string) string
}

func (l language) reader() reader {
	common := map[string]bool{}
	for _, word := range strings.Fields(l.common) {
		common[l.form(word, "")] = true
	}
	return reader{common, l.form}
}

func (r reader) telling(text string) []string {
	var words []string
	for _, w := range r.raw(text) {
		if !r.frequent(w) && !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	return words
}

// raw cuts text into words, in lower case and in one form.
func (r reader) raw(text string) []string {
	words := cut(strings.ToLower(text))
	before := ""
	for i, w := range words {
		words[i] = r.form(w, before)
		before = w
	}
	return words
}

// frequent tells whether a word is too frequent to find anything by.
func (r reader) frequent(word string) bool {
	return r.common[word] || len(word) == 1 && unicode.IsLetter(rune(word[0]))
}

// signs lists the words that programs write and people do not: numbers, and whole
// words in capitals.
func (r reader) signs(text string) []string {
	var list []string
	for _, w := range cut(text) {
		lower := strings.ToLower(w)
		if strings.ContainsAny(w, "0123456789") || len(w) > 3 && w == strings.ToUpper(w) && w != lower {
			list = append(list, r.form(lower, ""))
		}
	}
	return list
}

// cut cuts text into words. A dot between letters or digits belongs to the word, as in
// 5.7.8; so does the plus sign of +OK.
func cut(text string) []string {
	fields := strings.FieldsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '.' && r != '+'
	})
	words := fields[:0]
	for _, f := range fields {
		if f = strings.TrimRight(strings.Trim(f, "."), "+"); f != "" {
			words = append(words, f)
		}
	}
	return words
}
