package view

import (
	"errors"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/syntax"
)

// SQL is a statement, or a text of several, as pages show it: coloured, cut when it is long, with the place of its error marked.
type SQL struct {
	Text string
	// URL leads to the whole text; empty: there is no way to it.
	URL string
	// Length is the length of the whole in bytes where Text is only its beginning; 0: Text is all.
	Length int64
	// Line and Column count from 1, columns in characters; 0: no error.
	Line, Column int64
}

// Piece is a part of a text with its class: k a keyword, s a string, n a number, c a comment; bad is where the error is.
type Piece struct{ Class, Text string }

// Rest says how much is not shown; empty: nothing.
func (s SQL) Rest() string {
	hidden := max(s.Length, int64(len(s.Text))) - int64(len(s.cut()))
	if hidden <= 0 {
		return ""
	}
	return byteSize(hidden) + " more."
}

func (s SQL) cut() string { return Text{Full: s.Text}.cut() }

// Pieces are the text in the order of writing.
func (s SQL) Pieces() []Piece {
	text := strings.ToValidUTF8(s.cut(), "\ufffd")
	pieces := colour(text)
	at := offsetOf(text, s.Line, s.Column)
	if at >= 0 {
		pieces = markAt(pieces, at)
	}
	for i := range pieces {
		pieces[i].Text = visible(pieces[i].Text)
	}
	return pieces
}

// colour cuts a text into tokens and what is between them.
func colour(text string) []Piece {
	tokens, err := syntax.Scan(text)
	if err != nil {
		return broken(text, err)
	}
	var pieces []Piece
	end := 0
	for _, t := range tokens {
		pieces = append(gap(pieces, text[end:t.Offset]), token(t)...)
		end = t.End()
	}
	return gap(pieces, text[end:])
}

// broken colours a text in which a literal or a comment is not closed, as in one that was cut. The body of a procedure has colours
// of its own also then.
func broken(text string, err error) []Piece {
	var f *fault.Fault
	if !errors.As(err, &f) {
		return []Piece{{Text: text}}
	}
	at := offsetOf(text, int64(f.Position.Line), int64(f.Position.Column))
	if at < 0 {
		return []Piece{{Text: text}}
	}
	var pieces []Piece
	if at > 0 {
		pieces = colour(text[:at])
	}
	open := text[at:]
	if tag := strings.IndexByte(open[1:], '$') + 2; open[0] == '$' && tag > 1 {
		return append(append(pieces, Piece{"s", open[:tag]}), colour(open[tag:])...)
	}
	if strings.HasPrefix(open, "/*") {
		return append(pieces, Piece{"c", open})
	}
	return append(pieces, Piece{"s", open})
}

// gap adds what stands between two tokens: space and comments.
func gap(pieces []Piece, text string) []Piece {
	if text == "" {
		return pieces
	}
	if strings.TrimSpace(text) == "" {
		return add(pieces, Piece{Text: text})
	}
	return append(pieces, Piece{"c", text})
}

// add joins pieces of the same class: most of a text has none.
func add(pieces []Piece, p Piece) []Piece {
	if last := len(pieces) - 1; last >= 0 && pieces[last].Class == p.Class && p.Class == "" {
		pieces[last].Text += p.Text
		return pieces
	}
	return append(pieces, p)
}

// token are the pieces of one token. The body of a procedure is a string between dollars, and a text of its own.
func token(t syntax.Token) []Piece {
	switch t.Kind {
	case syntax.Word:
		if keywords[t.Upper()] {
			return []Piece{{"k", t.Text}}
		}
	case syntax.Number:
		return []Piece{{"n", t.Text}}
	case syntax.String:
		if t.Text[0] != '$' {
			return []Piece{{"s", t.Text}}
		}
		tag := strings.IndexByte(t.Text[1:], '$') + 2
		body := colour(t.Text[tag : len(t.Text)-tag])
		return append(append([]Piece{{"s", t.Text[:tag]}}, body...), Piece{"s", t.Text[:tag]})
	}
	return []Piece{{Text: t.Text}}
}

// offsetOf is the byte at a place, -1 when the text does not reach it.
func offsetOf(text string, line, column int64) int {
	if line < 1 || column < 1 {
		return -1
	}
	at := 0
	for ; line > 1; line-- {
		end := strings.IndexByte(text[at:], '\n')
		if end < 0 {
			return -1
		}
		at += end + 1
	}
	for i, r := range text[at:] {
		if column == 1 {
			return at + i
		}
		if r == '\n' {
			return -1
		}
		column--
	}
	return -1
}

// markAt makes the word that begins at a byte a piece of its own, of the class bad.
func markAt(pieces []Piece, at int) []Piece {
	var out []Piece
	for i, p := range pieces {
		if at >= len(p.Text) {
			out, at = append(out, p), at-len(p.Text)
			continue
		}
		if at > 0 {
			out = append(out, Piece{p.Class, p.Text[:at]})
		}
		bad := p.Text[at:]
		length := len(bad)
		if p.Class == "" || p.Class == "c" {
			length = wordLength(bad)
		}
		out = append(out, Piece{"bad", bad[:length]})
		if length < len(bad) {
			out = append(out, Piece{p.Class, bad[length:]})
		}
		return append(out, pieces[i+1:]...)
	}
	return out
}

// wordLength is the length of the word or the literal that a text begins with, at least one character.
func wordLength(text string) int {
	if literal, ok := strings.CutPrefix(text, "'"); ok {
		if end := strings.IndexByte(literal, '\''); end >= 0 {
			return end + 2
		}
		return len(text)
	}
	end := strings.IndexFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\r\n,;()+-*/=<>", r) })
	switch {
	case end > 0:
		return end
	case end == 0:
		return 1
	}
	return len(text)
}

// excerptWidth is how many characters of a line stand before and behind an error.
const excerptWidth = 60

// Excerpt are the pieces of the line with the error, cut around it; nil without an error in the text.
func (s SQL) Excerpt() []Piece {
	text := strings.ToValidUTF8(s.Text, "\ufffd")
	at := offsetOf(text, s.Line, s.Column)
	if at < 0 {
		return nil
	}
	first := strings.LastIndexByte(text[:at], '\n') + 1
	before, behind := []rune(text[first:at]), text[at:]
	behind, _, _ = strings.Cut(behind, "\n")
	length := wordLength(behind + " ")
	bad, after := behind[:min(length, len(behind))], []rune(behind[min(length, len(behind)):])
	pieces := []Piece{{Text: string(before)}, {"bad", visible(short(2*excerptWidth, bad))}, {Text: string(after)}}
	if len(before) > excerptWidth {
		pieces[0].Text = "…" + string(before[len(before)-excerptWidth:])
	}
	if len(after) > excerptWidth {
		pieces[2].Text = string(after[:excerptWidth]) + "…"
	}
	pieces[0].Text, pieces[2].Text = visible(strings.TrimLeft(pieces[0].Text, " \t")), visible(pieces[2].Text)
	return pieces
}

var keywords = words(`ADD ALL ALTER ALWAYS ANALYZE AND ANY AS ASC AUTO BEGIN BETWEEN BOTH BY CALL CASCADE CASE CAST CHECK CLOSE COLUMN COMMENT COMMIT
	CONSTRAINT COPY CREATE CROSS CSV CURSOR DATABASE DECLARE DEFAULT DELETE DELIMITER DESC DISTINCT DISTKEY DISTSTYLE DROP EACH ELSE ELSIF ENCODE
	END EXCEPT EXCEPTION EXECUTE EXISTS EXIT EXPLAIN FETCH FIRST FOR FOREIGN FORMAT FROM FULL FUNCTION GRANT GROUP GZIP HAVING IAM_ROLE IDENTITY IF
	IGNOREHEADER IN INNER INSERT INTERSECT INTERVAL INTO IS JOB JOIN KEY LANGUAGE LAST LEFT LIKE LIMIT LOOP MANIFEST MATCHED MATERIALIZED MERGE NATURAL
	NOT NULL NULLS OFFSET ON OPEN OR ORDER OUT OUTER OVER PARALLEL PARTITION PREPARE PRIMARY PROCEDURE QUALIFY RAISE RECORD REFERENCES
	RENAME REPLACE RETURN RETURNS REVOKE RIGHT ROLLBACK ROW ROWS SCHEMA SELECT SET SHOW SORTKEY TABLE TEMP TEMPORARY THEN TO TRUNCATE
	UNION UNIQUE UNLOAD UPDATE USING VACUUM VALUES VIEW WHEN WHERE WHILE WITH WITHIN
	BIGINT BOOLEAN CHAR CHARACTER DATE DECIMAL DOUBLE FLOAT INT INTEGER NUMERIC PRECISION REAL SMALLINT SUPER TIME TIMESTAMP TIMESTAMPTZ VARBYTE VARCHAR VARYING`)

func words(list string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(list) {
		set[word] = true
	}
	return set
}
