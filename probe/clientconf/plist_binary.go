package clientconf

import (
	"encoding/binary"
	"unicode/utf16"
)

// binaryReader reads the binary form, as CFBinaryPList.c of CoreFoundation describes it:
// objects, a table of their offsets, and a trailer of 32 bytes that says where the table is.
type binaryReader struct {
	data        string
	table       int // where the offset table begins; the objects end there
	objects     int
	offsetBytes int
	refBytes    int
	values      int
}

func binaryPlist(data string) (any, error) {
	if len(data) < 8+32 {
		return nil, errPlist
	}
	trailer := data[len(data)-32:]
	r := binaryReader{data: data, offsetBytes: int(trailer[6]), refBytes: int(trailer[7])}
	objects, top, table := bigEndian(trailer[8:16]), bigEndian(trailer[16:24]), bigEndian(trailer[24:32])
	end := uint64(len(data) - 32)
	if r.offsetBytes < 1 || r.offsetBytes > 8 || r.refBytes < 1 || r.refBytes > 8 ||
		table < 8 || table > end || objects > (end-table)/uint64(r.offsetBytes) || top >= objects {
		return nil, errPlist
	}
	r.table, r.objects = int(table), int(objects)
	return r.object(top, 0)
}

// object reads an object, each time that one refers to it: values count every visit, so that
// neither a loop nor an object that is in many places makes it long.
func (r *binaryReader) object(number uint64, depth int) (any, error) {
	if r.values++; r.values > plistValues {
		return nil, errMany
	}
	if depth > plistNesting {
		return nil, errDeep
	}
	if number >= uint64(r.objects) {
		return nil, errPlist
	}
	from := r.table + int(number)*r.offsetBytes
	offset := bigEndian(r.data[from : from+r.offsetBytes])
	if offset < 8 || offset >= uint64(r.table) {
		return nil, errPlist
	}
	marker, rest := r.data[offset], r.data[offset+1:r.table]
	low := int(marker & 0x0f)
	switch marker >> 4 {
	case 0x0:
		if marker == 0x08 || marker == 0x09 {
			return marker == 0x09, nil
		}
		return nil, nil
	case 0x1:
		if low > 3 || len(rest) < 1<<low {
			return nil, nil // a number of 16 bytes is nothing that a profile has
		}
		return int64(bigEndian(rest[:1<<low])), nil
	case 0x5, 0x6, 0xa, 0xd:
		count, rest, ok := counted(low, rest)
		if !ok {
			return nil, errPlist
		}
		return r.compound(marker>>4, count, rest, depth)
	}
	return nil, nil
}

// counted is the length of an object: in its marker, or behind it as a number.
func counted(low int, rest string) (count int, after string, ok bool) {
	if low < 0xf {
		return low, rest, true
	}
	if rest == "" || rest[0]>>4 != 0x1 || rest[0]&0x0f > 3 {
		return 0, "", false
	}
	size := 1 << (rest[0] & 0x0f)
	if len(rest) < 1+size {
		return 0, "", false
	}
	n := bigEndian(rest[1 : 1+size])
	return int(min(n, 1<<30)), rest[1+size:], true
}

func (r *binaryReader) compound(kind byte, count int, rest string, depth int) (any, error) {
	if kind == 0x5 || kind == 0x6 {
		r.values += count >> 6 // a long text in many places costs time as well
	}
	size := map[byte]int{0x5: 1, 0x6: 2, 0xa: r.refBytes, 0xd: 2 * r.refBytes}[kind]
	if count > len(rest)/size {
		return nil, errPlist
	}
	switch kind {
	case 0x5:
		return rest[:count], nil
	case 0x6:
		return fromUTF16(rest[:2*count], binary.BigEndian), nil
	case 0xa:
		array := []any{}
		for i := range count {
			value, err := r.object(r.ref(rest, i), depth+1)
			if err != nil {
				return nil, err
			}
			array = append(array, value)
		}
		return array, nil
	}
	dict := map[string]any{}
	for i := range count {
		key, err := r.object(r.ref(rest, i), depth+1)
		if err != nil {
			return nil, err
		}
		name, ok := key.(string)
		if !ok {
			return nil, errPlist
		}
		if dict[name], err = r.object(r.ref(rest, count+i), depth+1); err != nil {
			return nil, err
		}
	}
	return dict, nil
}

// ref is the number of the object that the place i of a list refers to.
func (r *binaryReader) ref(list string, i int) uint64 {
	return bigEndian(list[i*r.refBytes : (i+1)*r.refBytes])
}

func bigEndian(bytes string) (n uint64) {
	for i := range len(bytes) {
		n = n<<8 | uint64(bytes[i])
	}
	return n
}

func fromUTF16(text string, order binary.ByteOrder) string {
	units := make([]uint16, len(text)/2)
	for i := range units {
		units[i] = order.Uint16([]byte(text[2*i : 2*i+2]))
	}
	return string(utf16.Decode(units))
}
