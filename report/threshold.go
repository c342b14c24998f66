package report

import (
	"errors"
	"math"
	"strconv"
	"strings"
)

// Range is a range of numbers as the guidelines for monitoring plugins write it
// (https://www.monitoring-plugins.org/doc/guidelines.html, "Threshold and Ranges"): 10 is
// from 0 to 10, 10: from 10 up, ~:10 up to 10, 10:20 from 10 to 20. A value outside of it
// raises an alert; with @ in front, one inside. The zero value raises none.
type Range struct {
	text      string
	low, high float64
	inside    bool
}

// ParseRange reads a range.
func ParseRange(text string) (Range, error) {
	r := Range{text: text, low: 0, high: math.Inf(1)}
	rest, inside := strings.CutPrefix(text, "@")
	r.inside = inside
	low, high, ok := strings.Cut(rest, ":")
	if !ok {
		low, high = "0", rest
	}
	if !ok && rest == "" {
		return Range{}, errors.New("a range has a number")
	}
	var err error
	if r.low, err = bound(low); low == "~" {
		r.low, err = math.Inf(-1), nil
	}
	if err == nil && high != "" {
		r.high, err = bound(high)
	}
	if err != nil {
		return Range{}, err
	}
	if r.low > r.high {
		return Range{}, errors.New("a range starts with its lower end")
	}
	return r, nil
}

// bound reads one end. What else Go takes for a number, as "inf" or "0x1p4", is none here.
func bound(s string) (float64, error) {
	if s == "" || strings.Trim(s, "0123456789.-") != "" {
		return 0, errors.New("the end of a range is a number")
	}
	return strconv.ParseFloat(s, 64)
}

// String is the range as it was written.
func (r Range) String() string { return r.text }

// Alerts tells whether a value raises an alert. Both ends belong to the range.
func (r Range) Alerts(value float64) bool {
	if r.text == "" {
		return false
	}
	within := value >= r.low && value <= r.high
	return within == r.inside
}
