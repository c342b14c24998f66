package profile

import "strings"

// longestWord is the length, in runes, from which Nearest gives no advice: nothing
// that a person mistypes is longer, and the comparison is quadratic.
const longestWord = 64

// Nearest finds the known word that a person most likely meant, or "" when none is
// close. Case does not count; a third of the letters may differ, always at least one;
// of two words equally close the first wins.
func Nearest(word string, known []string) string {
	typed := []rune(strings.ToLower(word))
	if len(typed) == 0 || len(typed) > longestWord {
		return ""
	}
	nearest, least := "", 0
	for _, candidate := range known {
		wanted := []rune(strings.ToLower(candidate))
		if len(wanted) > longestWord {
			continue
		}
		length := max(len(typed), len(wanted))
		edits := distance(typed, wanted)
		if edits == length || edits > max(1, length/3) {
			continue
		}
		if nearest == "" || edits < least {
			nearest, least = candidate, edits
		}
	}
	return nearest
}

// Slip finds the known word that somebody meant whose fingers slipped once, or twice in a long
// word. It is for words of which there are more than are known, so that one which merely
// resembles another is nobody's mistake.
func Slip(word string, known []string) string {
	const short, long = 6, 12 // runes: below, every other word is one slip away; from there on, none is two
	typed := []rune(strings.ToLower(word))
	if len(typed) < short || len(typed) > longestWord {
		return ""
	}
	slips := 1
	if len(typed) >= long {
		slips = 2
	}
	nearest := ""
	for _, candidate := range known {
		edits := distance(typed, []rune(strings.ToLower(candidate)))
		if edits == 0 {
			return ""
		}
		if edits <= slips && nearest == "" {
			nearest = candidate
		}
	}
	return nearest
}

// distance counts insertions, deletions, substitutions and swaps of neighbours: a
// swap is the commonest slip of the fingers, so it counts once ("prot" for "port").
func distance(a, b []rune) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			change := rows[i-1][j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			rows[i][j] = min(change, rows[i-1][j]+1, rows[i][j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
