package function

// Row documents one function whose name, arguments or meaning differ from those of the backends.
type Row struct {
	Name, Signature, Summary string
	// Example is an expression and Result the text it answers with; null is the result of a null.
	Example, Result string
}

// Table lists the functions by subject. Every example is run on every backend.
var Table = []Row{
	// Dates and times.
	{"ADD_MONTHS", "(date, n)", "adds months; the last day of a month stays a last day", "add_months('2008-05-31', -1)", "2008-04-30 00:00:00"},
	{"CONVERT_TIMEZONE", "([source,] target, timestamp)", "moves a local time between zones, from UTC when none is named", "convert_timezone('EST', 'PST', '20080305 12:25:29')", "2008-03-05 09:25:29"},
	{"DATEADD", "(part, n, date)", "adds date parts, named bare or as text", "dateadd(qtr, 1, '2020-01-15')", "2020-04-15 00:00:00"},
	{"DATEDIFF", "(part, from, to)", "counts the borders of a date part between two points", "datediff(month, '2020-01-31', '2020-02-01')", "1"},
	{"DATE_CMP", "(a, b)", "compares as -1, 0 or 1", "date_cmp('2008-01-01', '2008-01-04')", "-1"},
	{"DATE_PART", "(part, date)", "takes a part out of a point in time", "date_part(dow, date '2020-01-05')", "0"},
	{"DATE_PART_YEAR", "(date)", "takes the year out of a date", "date_part_year(date '2008-01-05')", "2008"},
	{"DATE_TRUNC", "(part, timestamp)", "goes back to the start of a part", "date_trunc('mon', timestamp '2020-01-15 10:00')", "2020-01-01 00:00:00"},
	{"EXTRACT", "(part FROM date)", "is DATE_PART in SQL's words", "extract(epoch from timestamp '2020-01-01')", "1577836800"},
	{"INTERVAL_CMP", "(a, b)", "compares as -1, 0 or 1", "interval_cmp(interval '3 days', interval '1 year')", "-1"},
	{"LAST_DAY", "(date)", "is the last day of the month", "last_day(date '2020-02-03')", "2020-02-29"},
	{"MONTHS_BETWEEN", "(a, b)", "counts months; rests are parts of 31 days", "months_between('2020-03-31', '2020-02-29')", "1"},
	{"NEXT_DAY", "(date, day)", "is the next such day of the week", "next_day('2014-08-20', 'Tuesday')", "2014-08-26"},
	{"TIMESTAMP_CMP", "(a, b)", "compares as -1, 0 or 1", "timestamp_cmp('2008-01-24 06:43:29', '2008-01-24 06:43:29')", "0"},
	{"TO_CHAR", "(value, format)", "writes a timestamp or number by a format", "to_char(timestamp '2009-12-31 23:15:59', 'MONTH-DY-DD-YYYY HH12:MIPM')", "DECEMBER -THU-31-2009 11:15PM"},
	{"TO_DATE", "(text, format)", "reads a date by a format", "to_date('02 Oct 2001', 'DD Mon YYYY')", "2001-10-02"},
	{"TO_TIMESTAMP", "(text, format)", "reads a point in time by a format", "to_timestamp('2011-12-18 04:38:15', 'YYYY-MM-DD HH24:MI:SS')", "2011-12-18 04:38:15+00"},
	{"TRUNC", "(timestamp)", "drops the time of day", "trunc(timestamp '2020-01-02 03:04:05')", "2020-01-02"},
	// Conditions.
	{"DECODE", "(value, search, result, …, default)", "compares one by one; nulls are equal", "decode(null, null, 'n', 'x')", "n"},
	{"ISNULL", "(a, b)", "is NVL of two arguments", "isnull(null, 5)", "5"},
	{"NVL", "(a, b, …)", "is the first that is not null", "nvl(null, null, 2)", "2"},
	{"NVL2", "(a, then, else)", "chooses by whether a is not null", "nvl2(null, 1, 2)", "2"},
	// Texts.
	{"BPCHARCMP", "(a, b)", "compares without trailing blanks", "bpcharcmp('a  ', 'a')", "0"},
	{"BTRIM", "(text [, characters])", "trims both ends", "btrim('xxaxx', 'x')", "a"},
	{"CHARINDEX", "(part, text)", "is where a part stands, counted from 1", "charindex('fish', 'dogfish')", "4"},
	{"CONCAT", "(a, b)", "joins two texts; null makes null", "concat('a', null)", "null"},
	{"CRC32", "(text)", "is a CRC-32C in hexadecimal digits", "crc32('Amazon Redshift')", "f2726906"},
	{"DIFFERENCE", "(a, b)", "counts equal characters of two Soundex codes", "difference('AC/DC', 'Ay See Dee See')", "4"},
	{"FNV_HASH", "(value [, seed])", "is FNV-1a of 64 bits", "fnv_hash('Amazon Redshift')", "7783490368944507294"},
	{"FUNC_SHA1", "(text)", "is SHA-1 in hexadecimal digits", "func_sha1('a')", "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"},
	{"INITCAP", "(text)", "writes words with a capital letter", "initcap('nibh.enim@egestas.ca')", "Nibh.Enim@Egestas.Ca"},
	{"LEN", "(text)", "counts characters; trailing blanks of CHAR do not count", "len('ab'::char(5))", "2"},
	{"OCTETINDEX", "(part, text)", "is where a part stands in bytes", "octetindex('AWS', 'é AWS')", "4"},
	{"OCTET_LENGTH", "(text)", "counts bytes", "octet_length('é')", "2"},
	{"QUOTE_IDENT", "(text)", "quotes a name that needs it", "quote_ident('a b')", `"a b"`},
	{"QUOTE_LITERAL", "(text)", "writes a text as a literal", "quote_literal('O''Reilly')", "'O''Reilly'"},
	{"REGEXP_COUNT", "(text, pattern [, position [, parameters]])", "counts matches", "regexp_count('a1b2', '[0-9]')", "2"},
	{"REGEXP_INSTR", "(text, pattern [, position [, occurrence [, option [, parameters]]]])", "is where a match stands", "regexp_instr('abcabc', 'c', 1, 2)", "6"},
	{"REGEXP_REPLACE", "(text, pattern [, replacement [, position [, parameters]]])", "replaces all matches", "regexp_replace('a1b2', '[0-9]', '#')", "a#b#"},
	{"REGEXP_SUBSTR", "(text, pattern [, position [, occurrence [, parameters]]])", "is a match", "regexp_substr('foo123', '[0-9]+')", "123"},
	{"REPLICATE", "(text, n)", "repeats a text or number", "replicate(12, 2)", "1212"},
	{"SHA2", "(text, bits)", "is SHA-2 in hexadecimal digits", "left(sha2('a', 256), 8)", "ca978112"},
	{"SOUNDEX", "(text)", "codes the sound of a word", "soundex('Amazon')", "A525"},
	{"SPLIT_PART", "(text, delimiter, n)", "is the nth part", "split_part('a,b,c', ',', 2)", "b"},
	{"STRTOL", "(text, base)", "reads an integer in a base", "strtol('ff', 16)", "255"},
	{"SUBSTRING", "(text, position [, length])", "cuts a part; characters before the first count", "substring('caterpillar', 0, 4)", "cat"},
	{"TEXTLEN", "(text)", "is LEN", "textlen('abc')", "3"},
	// Numbers and aggregates.
	{"AVG", "(value)", "of integers is an integer, of decimals keeps the scale", "avg(x) from (select 1 x union all select 2)", "1"},
	{"DEXP", "(number)", "is the exponential function", "dexp(0)", "1"},
	{"LISTAGG", "(value [, delimiter]) WITHIN GROUP (ORDER BY …)", "joins values in an order", "listagg(x, ',') within group (order by x desc) from (select 1 x union all select 2)", "2,1"},
	{"PERCENTILE_CONT", "(fraction) WITHIN GROUP (ORDER BY …)", "interpolates", "percentile_cont(0.5) within group (order by x) from (select 1 x union all select 2)", "1.5"},
	{"RATIO_TO_REPORT", "(value) OVER (…)", "is the share of a sum", "ratio_to_report(x) over () from (select 4 x)", "1"},
	{"TEXT_TO_INT_ALT", "(text [, format])", "reads COBOL's integers", "text_to_int_alt('123-')", "-123"},
	{"TEXT_TO_NUMERIC_ALT", "(text [, precision, scale])", "reads COBOL's decimals", "text_to_numeric_alt('123.52501', 10, 2)", "123.53"},
	{"TO_NUMBER", "(text, format)", "reads a number by a format", "to_number('12,454.8-', '99G999D9S')", "-12454.8"},
	// JSON and SUPER.
	{"ARRAY", "(value, …)", "makes a SUPER array", "array(1, 'a', null)", `[1,"a",null]`},
	{"ARRAY_CONCAT", "(a, b)", "joins two arrays", "array_concat(array(1), array(2, 3))", "[1,2,3]"},
	{"ARRAY_FLATTEN", "(array)", "joins the arrays in an array", "array_flatten(array(array(1, 2), array(3)))", "[1,2,3]"},
	{"CAN_JSON_PARSE", "(text)", "tells whether JSON_PARSE works", "can_json_parse('{')", "f"},
	{"GET_ARRAY_LENGTH", "(array)", "counts elements", "get_array_length(array(1, 2, 3))", "3"},
	{"IS_ARRAY", "(super)", "tells the type of a SUPER value, as IS_OBJECT, IS_SCALAR, IS_INTEGER and others do", "is_array(json_parse('[1]'))", "t"},
	{"IS_VALID_JSON", "(text)", "tells whether a text is a JSON object", "is_valid_json('[1]')", "f"},
	{"IS_VALID_JSON_ARRAY", "(text)", "tells whether a text is a JSON array", "is_valid_json_array('[1]')", "t"},
	{"JSON_ARRAY_LENGTH", "(text [, null_if_invalid])", "counts elements", "json_array_length('[1,2', true)", "null"},
	{"JSON_EXTRACT_ARRAY_ELEMENT_TEXT", "(text, index [, null_if_invalid])", "is the text of an element, from 0", "json_extract_array_element_text('[111,112]', 1)", "112"},
	{"JSON_EXTRACT_PATH_TEXT", "(text, key, … [, null_if_invalid])", "is the text at a path of keys", `json_extract_path_text('{"a":{"b":"x"}}', 'a', 'b')`, "x"},
	{"JSON_PARSE", "(text)", "makes a SUPER value of JSON", `json_parse('{"a": 1}')`, `{"a":1}`},
	{"JSON_SERIALIZE", "(super)", "writes a SUPER value as JSON", "json_serialize(array(1, 2))", "[1,2]"},
	{"JSON_TYPEOF", "(super)", "names the type of a SUPER value", "json_typeof(array(1, 2))", "array"},
	{"OBJECT", "(key, value, …)", "makes a SUPER object", "object('a', 1)", `{"a":1}`},
	{"SPLIT_TO_ARRAY", "(text [, delimiter])", "makes an array of parts", "split_to_array('12|345', '|')", `["12","345"]`},
	{"SUBARRAY", "(array, start, length)", "cuts an array, from 0", "subarray(array('a', 'b', 'c'), 1, 2)", `["b","c"]`},
	// VARBYTE.
	{"FROM_VARBYTE", "(bytes, format)", "writes bytes as hex, utf8, base64 or binary", "from_varbyte(from_hex('4d'), 'binary')", "01001101"},
	{"GETBIT", "(bytes, n)", "is a bit, from the last one", "getbit(from_hex('4d'), 2)", "1"},
	{"TO_VARBYTE", "(text, format)", "reads bytes from a text", "to_varbyte('616263', 'hex')", "616263"},
	// The system.
	{"CURRENT_DATABASE", "()", "is dev", "current_database()", "dev"},
	{"PG_LAST_COPY_COUNT", "()", "counts the rows of the session's last COPY", "pg_last_copy_count()", "0"},
}
