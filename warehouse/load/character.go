package load

import (
	"bytes"
	"unicode/utf8"
)

// charConverter counts bytes and refuses what is not one byte per character.
func charConverter(o *options, length int) converter {
	return func(v *Vector, text []byte) *problem {
		for i, c := range text {
			if c >= utf8.RuneSelf {
				_, size := utf8.DecodeRune(text[i:])
				return problemf(errChar, "Multibyte character not supported for CHAR (Hint: Try using VARCHAR). Invalid char: % x", text[i:i+size])
			}
		}
		if len(text) > length {
			if !o.truncate && len(bytes.TrimRight(text[length:], " ")) > 0 {
				return problemf(errRange, "Char length exceeds DDL length")
			}
			text = text[:length]
		}
		return o.characters(v, text)
	}
}

// varcharConverter counts bytes. With TRUNCATECOLUMNS it cuts between characters.
func varcharConverter(o *options, length int) converter {
	return func(v *Vector, text []byte) *problem {
		replaced := false
		if !utf8.Valid(text) {
			if o.replacement == 0 {
				return invalidSequence(text)
			}
			text, replaced = o.validText(text), true
		}
		if o.trimBlanks {
			text = bytes.TrimRight(text, " \t\n\r\f\v")
		}
		if len(text) > length {
			if !o.truncate {
				return problemf(errRange, "String length exceeds DDL length")
			}
			cut := length
			for cut > 0 && !utf8.RuneStart(text[cut]) {
				cut--
			}
			text = text[:cut]
		}
		bad := o.characters(v, text)
		if replaced {
			bad = errReplaced
		}
		return bad
	}
}

// characters adds a text, or null by EMPTYASNULL and BLANKSASNULL.
func (o *options) characters(v *Vector, text []byte) *problem {
	if len(text) == 0 && o.emptyAsNull || o.blanksAsNull && len(bytes.TrimSpace(text)) == 0 {
		return v.null()
	}
	return v.text(text)
}

// validText puts the character of ACCEPTINVCHARS in the place of each byte that is no UTF-8.
func (o *options) validText(text []byte) []byte {
	fixed := bytes.Clone(text)
	for i := 0; i < len(fixed); {
		r, size := utf8.DecodeRune(fixed[i:])
		if r == utf8.RuneError && size == 1 {
			fixed[i] = o.replacement
		}
		i += size
	}
	return fixed
}

// invalidSequence names the first bad sequence with Redshift's number for what is wrong with it.
func invalidSequence(text []byte) *problem {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size == 1 {
			sequence, number := diagnose(text[i:])
			return problemf(errCodePoint, "String contains invalid or unsupported UTF-8 codepoints. Bad UTF-8 hex sequence: %x (error %d)", sequence, number)
		}
		i += size
	}
	return nil
}

// diagnose returns the bad bytes: 1 a lead byte of more than 4, 2 an incomplete sequence, 3 no lead byte, 4 no continuation
// byte, 5 a surrogate, 8 beyond U+10FFFF.
func diagnose(b []byte) (sequence []byte, number int) {
	lead, length := b[0], 0
	switch {
	case lead >= 0xf8:
		return b[:1], 1
	case lead < 0xc2:
		return b[:1], 3
	case lead < 0xe0:
		length = 2
	case lead < 0xf0:
		length = 3
	default:
		length = 4
	}
	if len(b) < length {
		return b, 2
	}
	for _, c := range b[1:length] {
		if c&0xc0 != 0x80 {
			return b[:length], 4
		}
	}
	if length == 3 && lead == 0xed {
		return b[:3], 5
	}
	return b[:length], 8
}
