package pages

import (
	"math"
	"slices"
	"strings"
	"unicode"
)

// Search lists the pages that fit words which somebody typed or pasted from a mail
// program, best first. Case and order of the words do not matter. Nothing fits words
// that say nothing.
func Search(words string) []Page {
	all, err := All()
	if err != nil {
		return nil
	}
	q := query{words: tokens(words), line: strings.Join(raw(words), " ")}
	if len(q.words) == 0 {
		return nil
	}
	indexes := make([]index, len(all))
	for i, page := range all {
		indexes[i] = indexOf(page)
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
	return found
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

func indexOf(p Page) index {
	x := index{notice: tokens(p.Notice), title: tokens(p.Title + " " + p.Cause)}
	for _, phrase := range p.Words {
		if cut := tokens(phrase); len(cut) > 0 {
			x.phrases = append(x.phrases, cut)
			x.lines = append(x.lines, strings.Join(raw(phrase), " "))
			x.words = append(x.words, cut...)
		}
	}
	x.words = append(x.words, tokens(strings.ReplaceAll(p.Slug, "-", " "))...)
	for _, s := range p.Sections[:4] { // what speaks of the fault; the rest speaks of its neighbours
		x.body = append(x.body, tokens(s.Text)...)
	}
	return x
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

// score is 0 for a page that has nothing to do with the query: neither a phrase in
// common, nor every word, nor most of what is telling in the words.
func (q query) score(p Page, x index) float64 {
	score := 0.0
	if slices.ContainsFunc(q.words, func(w string) bool { return codeOf(w) == p.Code && len(w) > 3 }) ||
		codeOf(q.line) == p.Code || slugOf(q.line) == p.Slug {
		score += hitCode
	}
	score += q.phrase(x)

	hit, known, weight, every := 0.0, 0.0, 0.0, true
	for _, w := range q.words {
		weight += q.weights[w]
		switch {
		case slices.Contains(x.words, w):
			hit += hitWords * q.weights[w]
		case slices.Contains(x.notice, w):
			hit += hitNotice * q.weights[w]
		case slices.Contains(x.title, w):
			hit += hitTitle * q.weights[w]
		case slices.Contains(x.body, w):
			hit += hitBody * q.weights[w]
			known -= q.weights[w]
		default:
			every = false
			known -= q.weights[w]
		}
	}
	known += weight
	if score > 0 || every || known > 0 && known*2 > weight {
		score += hit
	}
	return score
}

// phrase is the worth of the best phrase in common. A phrase that the query quotes
// word for word counts more than one whose words are merely there.
func (q query) phrase(x index) float64 {
	best := 0.0
	for i, phrase := range x.phrases {
		inQuery, inPhrase := contains(q.words, phrase), contains(phrase, q.words)
		if !inQuery && !inPhrase {
			continue
		}
		common := phrase
		if inPhrase {
			common = q.words
		}
		worth := hitPhrase * q.worth(common)
		if strings.Contains(" "+q.line+" ", " "+x.lines[i]+" ") || strings.Contains(" "+x.lines[i]+" ", " "+q.line+" ") {
			worth *= 1.5
		}
		if inQuery && inPhrase {
			worth *= 1.2
		}
		best = max(best, worth)
	}
	return best
}

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

// tokens cuts text into its telling words, each once.
func tokens(text string) []string {
	var words []string
	for _, w := range raw(text) {
		if !common(w) && !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	return words
}

// raw cuts text into lower-case words. A dot between letters or digits belongs to the
// word, as in 5.7.8; so does the plus sign of +OK.
func raw(text string) []string {
	fields := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
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

// common tells whether a word is too frequent to find anything by.
func common(word string) bool {
	switch word {
	case "a", "an", "and", "any", "are", "as", "at", "be", "by", "can", "cannot", "did", "do", "does", "for", "from",
		"has", "have", "i", "if", "in", "is", "it", "me", "my", "no", "not", "of", "on", "or", "that", "the", "this",
		"to", "was", "when", "why", "with", "you", "your", "t":
		return true
	}
	return false
}
