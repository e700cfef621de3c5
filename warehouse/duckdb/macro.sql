-- Redshift's functions in terms of DuckDB's. They stand in a schema in memory that is on every connection's search path and so
-- come before builtin functions of the same name. Macros have no types here: DuckDB resolves typed overloads wrongly around
-- aggregates. Names that start with rs_ are called by the translation only.

-- Operators.
CREATE OR REPLACE MACRO "//"(a, b) AS CASE WHEN b = 0 THEN error('Divide by zero') ELSE system.main."//"(a, b) END;
CREATE OR REPLACE MACRO "%"(a, b) AS CASE WHEN b = 0 THEN error('Divide by zero') ELSE system.main."%"(a, b) END;
CREATE OR REPLACE MACRO mod(a, b) AS CASE WHEN b = 0 THEN error('Divide by zero') ELSE system.main.mod(a, b) END;
CREATE OR REPLACE MACRO "@~"(s, p) AS regexp_matches(s, p);
CREATE OR REPLACE MACRO "@~~"(s, p) AS regexp_matches(s, p, 'i');
CREATE OR REPLACE MACRO "!@~"(s, p) AS NOT regexp_matches(s, p);
CREATE OR REPLACE MACRO "!@~~"(s, p) AS NOT regexp_matches(s, p, 'i');
CREATE OR REPLACE MACRO rs_similar(p) AS rs_similar_pattern(p, '\'), (p, e) AS rs_similar_pattern(p, e);

-- A text in a comparison takes the type of the other side: d is its spelling if that is a date or time. SUPER holds it quoted.
CREATE OR REPLACE MACRO rs_compared(x, t, d) AS cast_to_type(CASE WHEN typeof(x) IN ('DATE', 'TIMESTAMP', 'TIMESTAMP WITH TIME ZONE') THEN d WHEN typeof(x) = 'JSON' THEN CAST(to_json(t) AS VARCHAR) ELSE t END, x);
CREATE OR REPLACE MACRO rs_compared_time(x, t, z) AS cast_to_type(CASE WHEN typeof(x) = 'TIME WITH TIME ZONE' THEN z WHEN typeof(x) = 'JSON' THEN CAST(to_json(t) AS VARCHAR) ELSE t END, x);
CREATE OR REPLACE MACRO rs_unpadded(x) AS cast_to_type(CASE WHEN typeof(x) = 'VARCHAR' THEN rtrim(CAST(x AS VARCHAR), ' ') ELSE CAST(x AS VARCHAR) END, x);

-- Casts. Floats round half away from zero, text is read leniently, lengths count bytes.
CREATE OR REPLACE MACRO rs_smallint(x) AS CASE WHEN typeof(x) IN ('DOUBLE', 'FLOAT') THEN CAST(round(TRY_CAST(x AS DOUBLE)) AS SMALLINT) WHEN typeof(x) = 'JSON' THEN TRY_CAST(x AS SMALLINT) ELSE CAST(x AS SMALLINT) END;
CREATE OR REPLACE MACRO rs_integer(x) AS CASE WHEN typeof(x) IN ('DOUBLE', 'FLOAT') THEN CAST(round(TRY_CAST(x AS DOUBLE)) AS INTEGER) WHEN typeof(x) = 'JSON' THEN TRY_CAST(x AS INTEGER) ELSE CAST(x AS INTEGER) END;
CREATE OR REPLACE MACRO rs_bigint(x) AS CASE WHEN typeof(x) IN ('DOUBLE', 'FLOAT') THEN CAST(round(TRY_CAST(x AS DOUBLE)) AS BIGINT) WHEN typeof(x) = 'JSON' THEN TRY_CAST(x AS BIGINT) ELSE CAST(x AS BIGINT) END;
CREATE OR REPLACE MACRO rs_boolean(x) AS CASE WHEN typeof(x) = 'VARCHAR' THEN CASE WHEN lower(trim(CAST(x AS VARCHAR))) IN ('true', 't', 'yes', 'y', '1', 'on') THEN true WHEN lower(trim(CAST(x AS VARCHAR))) IN ('false', 'f', 'no', 'n', '0', 'off') THEN false ELSE CAST(CAST(x AS VARCHAR) AS BOOLEAN) END WHEN typeof(x) LIKE 'DECIMAL%' THEN error('cannot cast type numeric to boolean') WHEN typeof(x) = 'JSON' THEN CASE WHEN json_type(TRY_CAST(x AS JSON)) IN ('BIGINT', 'UBIGINT') THEN CAST(x AS VARCHAR) <> '0' WHEN CAST(x AS VARCHAR) = 'true' THEN true WHEN CAST(x AS VARCHAR) = 'false' THEN false END ELSE CAST(x AS BOOLEAN) END;
CREATE OR REPLACE MACRO rs_text(x) AS CASE typeof(x) WHEN 'DOUBLE' THEN rs_float_text(TRY_CAST(x AS DOUBLE)) WHEN 'FLOAT' THEN rs_float_text(TRY_CAST(x AS DOUBLE)) WHEN 'JSON' THEN CASE json_type(TRY_CAST(x AS JSON)) WHEN 'VARCHAR' THEN TRY_CAST(x AS JSON) ->> '$' WHEN 'ARRAY' THEN NULL WHEN 'OBJECT' THEN NULL WHEN 'NULL' THEN NULL ELSE CAST(x AS VARCHAR) END WHEN 'BLOB' THEN decode(TRY_CAST(x AS BLOB)) ELSE CAST(x AS VARCHAR) END;
CREATE OR REPLACE MACRO rs_varchar(x, n) AS CASE WHEN strlen(rs_text(x)) <= n THEN rs_text(x) ELSE rs_clip(rs_text(x), n) END;
CREATE OR REPLACE MACRO rs_char(x, n) AS rtrim(rs_varchar(x, n), ' ');
CREATE OR REPLACE MACRO rs_date(x) AS CASE WHEN typeof(x) = 'VARCHAR' THEN coalesce(TRY_CAST(x AS DATE), rs_read_date(CAST(x AS VARCHAR))) ELSE CAST(x AS DATE) END;
CREATE OR REPLACE MACRO rs_timestamp(x) AS CASE WHEN typeof(x) = 'VARCHAR' THEN coalesce(TRY_CAST(x AS TIMESTAMP), rs_read_timestamp(CAST(x AS VARCHAR))) ELSE CAST(x AS TIMESTAMP) END;
CREATE OR REPLACE MACRO rs_timestamptz(x) AS CASE WHEN typeof(x) = 'VARCHAR' THEN coalesce(TRY_CAST(x AS TIMESTAMPTZ), rs_read_timestamptz(CAST(x AS VARCHAR))) ELSE CAST(x AS TIMESTAMPTZ) END;
CREATE OR REPLACE MACRO rs_super(x) AS CASE WHEN typeof(x) IN ('DATE', 'TIME', 'TIMESTAMP', 'TIMESTAMP WITH TIME ZONE', 'TIME WITH TIME ZONE') THEN error('cannot cast type ' || pg_typeof(x) || ' to super') ELSE to_json(x) END;
CREATE OR REPLACE MACRO rs_varbyte(x) AS CASE typeof(x) WHEN 'BLOB' THEN TRY_CAST(x AS BLOB) WHEN 'SMALLINT' THEN unhex(printf('%04x', TRY_CAST(x AS BIGINT))) WHEN 'INTEGER' THEN unhex(printf('%08x', TRY_CAST(x AS BIGINT))) WHEN 'BIGINT' THEN unhex(printf('%016x', TRY_CAST(x AS BIGINT))) ELSE encode(TRY_CAST(x AS VARCHAR)) END;

-- Dates and times.
CREATE OR REPLACE MACRO getdate() AS date_trunc('second', CAST(now() AS TIMESTAMP));
CREATE OR REPLACE MACRO sysdate() AS CAST(now() AS TIMESTAMP);
CREATE OR REPLACE MACRO timeofday() AS strftime(CAST(now() AS TIMESTAMP), '%a %b %d %H:%M:%S.%f %Y UTC');
CREATE OR REPLACE MACRO rs_span(p, n) AS CASE p WHEN 'year' THEN to_months(CAST(12 * n AS INTEGER)) WHEN 'quarter' THEN to_months(CAST(3 * n AS INTEGER)) WHEN 'month' THEN to_months(CAST(n AS INTEGER)) WHEN 'decade' THEN to_months(CAST(120 * n AS INTEGER)) WHEN 'century' THEN to_months(CAST(1200 * n AS INTEGER)) WHEN 'millennium' THEN to_months(CAST(12000 * n AS INTEGER)) WHEN 'week' THEN to_days(CAST(7 * n AS INTEGER)) WHEN 'day' THEN to_days(CAST(n AS INTEGER)) WHEN 'dayofyear' THEN to_days(CAST(n AS INTEGER)) WHEN 'dayofweek' THEN to_days(CAST(n AS INTEGER)) WHEN 'hour' THEN to_hours(CAST(n AS BIGINT)) WHEN 'minute' THEN to_minutes(CAST(n AS BIGINT)) WHEN 'second' THEN to_seconds(n) WHEN 'millisecond' THEN to_milliseconds(n) WHEN 'microsecond' THEN to_microseconds(CAST(n AS BIGINT)) ELSE error('invalid date part for DATEADD') END;
CREATE OR REPLACE MACRO rs_dateadd(p, n, d) AS d + rs_span(p, n);
CREATE OR REPLACE MACRO rs_datediff(p, a, b) AS date_diff(CASE WHEN p IN ('dayofyear', 'dayofweek') THEN 'day' ELSE p END, a, b);
CREATE OR REPLACE MACRO rs_date_part(p, d) AS CASE p WHEN 'microsecond' THEN date_part(p, d) % 1000000 WHEN 'millisecond' THEN date_part(p, d) % 1000 ELSE date_part(p, d) END;
CREATE OR REPLACE MACRO rs_date_trunc(p, d) AS CASE WHEN p IN ('century', 'millennium') THEN date_trunc(p, d - to_years(1)) + to_years(1) ELSE date_trunc(p, d) END;
CREATE OR REPLACE MACRO date_part_year(d) AS year(rs_date(d));
CREATE OR REPLACE MACRO last_day(d) AS system.main.last_day(rs_date(d));
CREATE OR REPLACE MACRO add_months(d, n) AS CASE WHEN last_day(rs_timestamp(d)) = rs_date(d) THEN last_day(rs_timestamp(d) + to_months(CAST(n AS INTEGER))) + CAST(rs_timestamp(d) AS TIME) ELSE rs_timestamp(d) + to_months(CAST(n AS INTEGER)) END;
CREATE OR REPLACE MACRO months_between(a, b) AS CASE WHEN day(rs_date(a)) = day(rs_date(b)) OR last_day(rs_date(a)) = rs_date(a) AND last_day(rs_date(b)) = rs_date(b) THEN CAST((year(rs_date(a)) - year(rs_date(b))) * 12 + month(rs_date(a)) - month(rs_date(b)) AS DOUBLE) ELSE (year(rs_date(a)) - year(rs_date(b))) * 12 + month(rs_date(a)) - month(rs_date(b)) + (day(rs_date(a)) - day(rs_date(b)) + (epoch(rs_timestamp(a)) % 86400 - epoch(rs_timestamp(b)) % 86400) / 86400.0) / 31.0 END;
CREATE OR REPLACE MACRO next_day(d, n) AS rs_date(d) + CAST(((CASE left(lower(n), 2) WHEN 'su' THEN 0 WHEN 'm' THEN 1 WHEN 'mo' THEN 1 WHEN 'tu' THEN 2 WHEN 'w' THEN 3 WHEN 'we' THEN 3 WHEN 'th' THEN 4 WHEN 'f' THEN 5 WHEN 'fr' THEN 5 WHEN 'sa' THEN 6 ELSE error('invalid day name') END) - dayofweek(rs_date(d)) + 6) % 7 + 1 AS INTEGER);
CREATE OR REPLACE MACRO date_cmp(a, b) AS CASE WHEN rs_date(a) < rs_date(b) THEN -1 WHEN rs_date(a) > rs_date(b) THEN 1 WHEN rs_date(a) = rs_date(b) THEN 0 END;
CREATE OR REPLACE MACRO timestamp_cmp(a, b) AS CASE WHEN rs_timestamp(a) < rs_timestamp(b) THEN -1 WHEN rs_timestamp(a) > rs_timestamp(b) THEN 1 WHEN rs_timestamp(a) = rs_timestamp(b) THEN 0 END;
CREATE OR REPLACE MACRO date_cmp_timestamp(a, b) AS timestamp_cmp(a, b);
CREATE OR REPLACE MACRO timestamp_cmp_date(a, b) AS timestamp_cmp(a, b);
CREATE OR REPLACE MACRO timestamptz_cmp(a, b) AS CASE WHEN rs_timestamptz(a) < rs_timestamptz(b) THEN -1 WHEN rs_timestamptz(a) > rs_timestamptz(b) THEN 1 WHEN rs_timestamptz(a) = rs_timestamptz(b) THEN 0 END;
CREATE OR REPLACE MACRO date_cmp_timestamptz(a, b) AS timestamptz_cmp(a, b);
CREATE OR REPLACE MACRO timestamp_cmp_timestamptz(a, b) AS timestamptz_cmp(a, b);
CREATE OR REPLACE MACRO timestamptz_cmp_date(a, b) AS timestamptz_cmp(a, b);
CREATE OR REPLACE MACRO timestamptz_cmp_timestamp(a, b) AS timestamptz_cmp(a, b);
CREATE OR REPLACE MACRO interval_cmp(a, b) AS CASE WHEN CAST(a AS INTERVAL) < CAST(b AS INTERVAL) THEN -1 WHEN CAST(a AS INTERVAL) > CAST(b AS INTERVAL) THEN 1 WHEN CAST(a AS INTERVAL) = CAST(b AS INTERVAL) THEN 0 END;

-- Text.
CREATE OR REPLACE MACRO len(s) AS CASE WHEN typeof(s) = 'BLOB' THEN system.main.octet_length(TRY_CAST(s AS BLOB)) ELSE system.main.length(rs_text(s)) END;
CREATE OR REPLACE MACRO textlen(s) AS len(s);
CREATE OR REPLACE MACRO length(s) AS len(s);
CREATE OR REPLACE MACRO octet_length(s) AS CASE WHEN typeof(s) = 'BLOB' THEN system.main.octet_length(TRY_CAST(s AS BLOB)) ELSE strlen(rs_text(s)) END;
CREATE OR REPLACE MACRO concat(a, b) AS a || b;
CREATE OR REPLACE MACRO charindex(s, t) AS instr(t, s);
CREATE OR REPLACE MACRO btrim(s) AS trim(s), (s, c) AS trim(s, c);
CREATE OR REPLACE MACRO replicate(s, n) AS system.main.repeat(rs_text(s), CAST(n AS BIGINT));
CREATE OR REPLACE MACRO rs_substring(s, p, n) AS CASE WHEN n IS NULL THEN substring(rs_text(s), greatest(p, 1)) WHEN n < 0 THEN error('negative substring length not allowed') ELSE substring(rs_text(s), greatest(p, 1), greatest(n + least(p, 1) - 1, 0)) END;
CREATE OR REPLACE MACRO split_part(s, d, n) AS CASE WHEN n <= 0 THEN error('field position must be greater than zero') ELSE system.main.split_part(rs_text(s), d, n) END;
CREATE OR REPLACE MACRO repeat(s, n) AS system.main.repeat(rs_text(s), CAST(n AS BIGINT));
CREATE OR REPLACE MACRO reverse(s) AS system.main.reverse(rs_text(s));
CREATE OR REPLACE MACRO lpad(s, n) AS system.main.lpad(rs_text(s), CAST(n AS INTEGER), ' '), (s, n, f) AS system.main.lpad(rs_text(s), CAST(n AS INTEGER), f);
CREATE OR REPLACE MACRO rpad(s, n) AS system.main.rpad(rs_text(s), CAST(n AS INTEGER), ' '), (s, n, f) AS system.main.rpad(rs_text(s), CAST(n AS INTEGER), f);
CREATE OR REPLACE MACRO octetindex(s, t) AS CASE WHEN instr(t, s) = 0 THEN 0 ELSE strlen(left(t, CAST(instr(t, s) AS INTEGER) - 1)) + 1 END;
CREATE OR REPLACE MACRO bpcharcmp(a, b) AS CASE WHEN rtrim(a, ' ') < rtrim(b, ' ') THEN -1 WHEN rtrim(a, ' ') > rtrim(b, ' ') THEN 1 WHEN rtrim(a, ' ') = rtrim(b, ' ') THEN 0 END;
CREATE OR REPLACE MACRO bttext_pattern_cmp(a, b) AS CASE WHEN a < b THEN -1 WHEN a > b THEN 1 WHEN a = b THEN 0 END;
CREATE OR REPLACE MACRO quote_ident(s) AS CASE WHEN regexp_full_match(s, '[a-z_][a-z0-9_$]*') THEN s ELSE '"' || replace(s, '"', '""') || '"' END;
CREATE OR REPLACE MACRO quote_literal(s) AS '''' || replace(replace(CAST(s AS VARCHAR), '\', '\\'), '''', '''''') || '''';
CREATE OR REPLACE MACRO sha(s) AS sha1(s);
CREATE OR REPLACE MACRO func_sha1(s) AS sha1(s);
CREATE OR REPLACE MACRO to_hex(x) AS CASE WHEN typeof(x) = 'BLOB' THEN lower(hex(TRY_CAST(x AS BLOB))) WHEN typeof(x) = 'VARCHAR' THEN lower(hex(CAST(x AS VARCHAR))) ELSE lower(ltrim(printf('%x', TRY_CAST(x AS BIGINT)))) END;
CREATE OR REPLACE MACRO rs_regexp_replace(s, p) AS regexp_replace(s, p, '', 'g'), (s, p, r) AS rs_regexp_replace_from(s, p, r, 1, ''), (s, p, r, f) AS rs_regexp_replace_from(s, p, r, f, ''), (s, p, r, f, o) AS rs_regexp_replace_from(s, p, r, f, o);
CREATE OR REPLACE MACRO rs_regexp_substr(s, p) AS regexp_extract(s, p), (s, p, f) AS rs_regexp_substr_from(s, p, f, 1, ''), (s, p, f, n) AS rs_regexp_substr_from(s, p, f, n, ''), (s, p, f, n, o) AS rs_regexp_substr_from(s, p, f, n, o);
CREATE OR REPLACE MACRO rs_regexp_instr(s, p) AS rs_regexp_instr_from(s, p, 1, 1, 0, ''), (s, p, f) AS rs_regexp_instr_from(s, p, f, 1, 0, ''), (s, p, f, n) AS rs_regexp_instr_from(s, p, f, n, 0, ''), (s, p, f, n, e) AS rs_regexp_instr_from(s, p, f, n, e, ''), (s, p, f, n, e, o) AS rs_regexp_instr_from(s, p, f, n, e, o);
CREATE OR REPLACE MACRO rs_regexp_count(s, p) AS rs_regexp_count_from(s, p, 1, ''), (s, p, f) AS rs_regexp_count_from(s, p, f, ''), (s, p, f, o) AS rs_regexp_count_from(s, p, f, o);

-- Types of results. The backend folds typeof and the texts made of it while it binds, and cast_to_type looks at the type of
-- its second argument only, so these cost nothing for a row. In a list, typeof also works where a macro is being made.
CREATE OR REPLACE MACRO rs_precision(t) AS CASE WHEN t LIKE 'DECIMAL%' THEN CAST(regexp_extract(t, '\((\d+)', 1) AS INTEGER) WHEN t = 'BIGINT[]' THEN 19 WHEN t = 'INTEGER[]' THEN 10 ELSE 5 END;
CREATE OR REPLACE MACRO rs_scale(t) AS CASE WHEN t LIKE 'DECIMAL%' THEN CAST(regexp_extract(t, ',(\d+)', 1) AS INTEGER) ELSE 0 END;
CREATE OR REPLACE MACRO rs_numeric(p, s) AS CASE WHEN p > 38 THEN '"DECIMAL(38,' || greatest(38 + s - p, 4) || ')"' ELSE '"DECIMAL(' || p || ',' || s || ')"' END;
CREATE OR REPLACE MACRO rs_exact(a, b) AS (a LIKE 'DECIMAL%' OR b LIKE 'DECIMAL%') AND regexp_full_match(a || b, '((DECIMAL.*|SMALLINT|INTEGER|BIGINT|HUGEINT)\[\]){2}');
CREATE OR REPLACE MACRO rs_other_type(t) AS CASE WHEN t = '"NULL"' THEN '"INTEGER"' ELSE '"' || t || '"' END;
CREATE OR REPLACE MACRO rs_quotient_type(a, b, t) AS CASE WHEN rs_exact(a, b) THEN rs_numeric(rs_precision(a) - rs_scale(a) + rs_scale(b) + greatest(4, rs_scale(a) + rs_precision(b) - rs_scale(b) + 1), greatest(4, rs_scale(a) + rs_precision(b) - rs_scale(b) + 1)) ELSE rs_other_type(t) END;
CREATE OR REPLACE MACRO rs_total_type(x, t) AS CASE WHEN x IN ('TINYINT[]', 'SMALLINT[]', 'INTEGER[]') THEN '"BIGINT"' WHEN x IN ('BIGINT[]', 'HUGEINT[]') THEN '"DECIMAL(38,0)"' ELSE rs_other_type(t) END;
CREATE OR REPLACE MACRO rs_average_type(x, t) AS CASE WHEN t LIKE 'DECIMAL%' THEN rs_numeric(CASE WHEN rs_precision(x) <= 19 THEN 19 ELSE 38 END, rs_scale(x)) WHEN t = 'HUGEINT[]' THEN '"BIGINT"' ELSE '"DOUBLE"' END;
CREATE OR REPLACE MACRO rs_quotient(a, b) AS cast_to_type(a // b, from_json('0', rs_quotient_type(typeof([a]), typeof([b]), typeof(system.main."//"(a, b)))));
CREATE OR REPLACE MACRO rs_total(t, x) AS cast_to_type(t, from_json('0', rs_total_type(typeof([x]), typeof([t][1]))));
CREATE OR REPLACE MACRO rs_power_type(s) AS '"DECIMAL(38,' || s || ')"';
CREATE OR REPLACE MACRO rs_mean(t, n) AS CAST(system.main."//"(CAST(t * CAST(pow(10, rs_scale(typeof([t]))) AS HUGEINT) AS HUGEINT), n) AS DECIMAL(38,0)) * cast_to_type(pow(10, -rs_scale(typeof([t]))), from_json('0', rs_power_type(rs_scale(typeof([t])))));
CREATE OR REPLACE MACRO rs_average(t, x, n) AS cast_to_type(CASE WHEN typeof([t]) LIKE 'DECIMAL%' THEN rs_mean(t, n) ELSE cast_to_type(system.main."//"(t, n), from_json('0', rs_average_type(typeof([x]), typeof([t])))) END, from_json('0', rs_average_type(typeof([x]), typeof([t]))));

-- Numbers and aggregates.
CREATE OR REPLACE MACRO rs_finite(x) AS CASE WHEN isinf(x) THEN error('result is out of range') ELSE x END;
CREATE OR REPLACE MACRO power(x, y) AS rs_finite(system.main.pow(x, y));
CREATE OR REPLACE MACRO pow(x, y) AS rs_finite(system.main.pow(x, y));
CREATE OR REPLACE MACRO exp(x) AS rs_finite(system.main.exp(x));
CREATE OR REPLACE MACRO dexp(x) AS rs_finite(system.main.exp(x));
CREATE OR REPLACE MACRO cbrt(x) AS CASE WHEN pow(round(system.main.cbrt(x)), 3) = x THEN round(system.main.cbrt(x)) ELSE system.main.cbrt(x) END;
CREATE OR REPLACE MACRO bit_and(x) AS cast_to_type(system.main.bit_and(CAST(x AS BIGINT)), any_value(x));
CREATE OR REPLACE MACRO bit_or(x) AS cast_to_type(system.main.bit_or(CAST(x AS BIGINT)), any_value(x));
CREATE OR REPLACE MACRO dlog1(x) AS ln(x);
CREATE OR REPLACE MACRO dlog10(x) AS log10(x);
CREATE OR REPLACE MACRO text_to_numeric_alt(s) AS CAST(rs_numeric_alt(s, 0) AS HUGEINT), (s, p, d) AS rs_numeric_alt(s, d);
CREATE OR REPLACE MACRO text_to_int_alt(s) AS rs_int_alt(s), (s, f) AS rs_int_alt(s);
CREATE OR REPLACE MACRO checksum(x) AS rs_checksum(rs_text(x));

-- SUPER.
CREATE OR REPLACE MACRO json_parse(s) AS CASE WHEN json_valid(CAST(s AS VARCHAR)) THEN json(CAST(s AS VARCHAR)) ELSE error('invalid json for SUPER') END;
CREATE OR REPLACE MACRO json_serialize(s) AS CAST(s AS VARCHAR);
CREATE OR REPLACE MACRO json_serialize_to_varbyte(s) AS encode(CAST(s AS VARCHAR));
CREATE OR REPLACE MACRO can_json_parse(s) AS json_valid(s);
CREATE OR REPLACE MACRO rs_elements(x) AS CASE WHEN json_type(x) = 'ARRAY' THEN json_extract(x, '$[*]') ELSE [CAST(x AS JSON)] END;
CREATE OR REPLACE MACRO rs_positions(x) AS range(CASE WHEN json_type(x) = 'ARRAY' THEN CAST(json_array_length(x) AS BIGINT) ELSE 1 END);
CREATE OR REPLACE MACRO rs_members(x) AS json_extract(x, '$.*');
CREATE OR REPLACE MACRO rs_attributes(x) AS json_keys(x);
CREATE OR REPLACE MACRO rs_array_concat(a, b) AS to_json(list_concat(json_extract(to_json(a), '$[*]'), json_extract(to_json(b), '$[*]')));
CREATE OR REPLACE MACRO rs_array_flatten(a) AS to_json(flatten(list_transform(json_extract(to_json(a), '$[*]'), lambda e: rs_elements(e))));
CREATE OR REPLACE MACRO rs_json_array_length(s) AS rs_json_array_length_of(s, false), (s, n) AS rs_json_array_length_of(s, n);
CREATE OR REPLACE MACRO rs_array_length(a) AS CAST(json_array_length(to_json(a)) AS INTEGER);
CREATE OR REPLACE MACRO rs_subarray(a, f, n) AS to_json(list_slice(json_extract(to_json(a), '$[*]'), f + 1, f + n));
CREATE OR REPLACE MACRO rs_split_to_array(s) AS to_json(string_split(rs_text(s), ',')), (s, d) AS to_json(string_split(rs_text(s), d));
CREATE OR REPLACE MACRO rs_member(x) AS CASE WHEN typeof(x) IN ('DATE', 'TIME', 'TIMESTAMP', 'TIMESTAMP WITH TIME ZONE', 'TIME WITH TIME ZONE') THEN error('OBJECT could not convert type ' || pg_typeof(x) || ' to super') ELSE to_json(x) END;
CREATE OR REPLACE MACRO json_typeof(x) AS CASE json_type(x) WHEN 'VARCHAR' THEN 'string' WHEN 'ARRAY' THEN 'array' WHEN 'OBJECT' THEN 'object' WHEN 'BOOLEAN' THEN 'boolean' WHEN 'NULL' THEN 'null' WHEN NULL THEN NULL ELSE 'number' END;
CREATE OR REPLACE MACRO is_array(x) AS coalesce(json_type(x) = 'ARRAY', false);
CREATE OR REPLACE MACRO is_object(x) AS coalesce(json_type(x) = 'OBJECT', false);
CREATE OR REPLACE MACRO is_scalar(x) AS coalesce(json_type(x) NOT IN ('ARRAY', 'OBJECT', 'NULL'), false);
CREATE OR REPLACE MACRO is_varchar(x) AS coalesce(json_type(x) = 'VARCHAR', false);
CREATE OR REPLACE MACRO is_char(x) AS coalesce(json_type(x) = 'VARCHAR', false);
CREATE OR REPLACE MACRO is_boolean(x) AS coalesce(json_type(x) = 'BOOLEAN', false);
CREATE OR REPLACE MACRO is_bigint(x) AS coalesce(json_type(x) IN ('BIGINT', 'UBIGINT'), false);
CREATE OR REPLACE MACRO is_integer(x) AS coalesce(json_type(x) IN ('BIGINT', 'UBIGINT') AND abs(CAST(CAST(x AS VARCHAR) AS HUGEINT)) <= 2147483647, false);
CREATE OR REPLACE MACRO is_smallint(x) AS coalesce(json_type(x) IN ('BIGINT', 'UBIGINT') AND abs(CAST(CAST(x AS VARCHAR) AS HUGEINT)) <= 32767, false);
CREATE OR REPLACE MACRO is_decimal(x) AS coalesce(json_type(x) IN ('BIGINT', 'UBIGINT', 'DOUBLE'), false);
CREATE OR REPLACE MACRO is_float(x) AS coalesce(json_type(x) = 'DOUBLE', false);

-- VARBYTE.
CREATE OR REPLACE MACRO to_varbyte(s, f) AS CASE lower(f) WHEN 'hex' THEN unhex(s) WHEN 'base64' THEN from_base64(s) WHEN 'binary' THEN CAST(CAST(s AS BIT) AS BLOB) ELSE encode(s) END;
CREATE OR REPLACE MACRO from_varbyte(b, f) AS CASE lower(f) WHEN 'hex' THEN lower(hex(b)) WHEN 'base64' THEN base64(b) WHEN 'binary' THEN rs_bits(b) ELSE decode(b) END;
CREATE OR REPLACE MACRO from_hex(s) AS unhex(s);

-- The session and the system. The warehouse sets the variables.
CREATE OR REPLACE MACRO db_collation() AS 'case_sensitive';
CREATE OR REPLACE MACRO version() AS 'PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017 (Red Hat 3.4.2-6.fc3), Redshift 1.0.99999';
CREATE OR REPLACE MACRO current_database() AS CAST(coalesce(getvariable('rs_database'), 'dev') AS VARCHAR);
CREATE OR REPLACE MACRO rs_user() AS CAST(getvariable('rs_user') AS VARCHAR);
CREATE OR REPLACE MACRO pg_backend_pid() AS CAST(coalesce(getvariable('rs_pid'), 1) AS INTEGER);
CREATE OR REPLACE MACRO pg_last_query_id() AS CAST(coalesce(getvariable('rs_query'), -1) AS BIGINT);
CREATE OR REPLACE MACRO pg_last_copy_count() AS CAST(coalesce(getvariable('rs_copy_count'), 0) AS BIGINT);
CREATE OR REPLACE MACRO pg_last_copy_id() AS CAST(coalesce(getvariable('rs_copy'), -1) AS BIGINT);
CREATE OR REPLACE MACRO pg_last_unload_count() AS CAST(coalesce(getvariable('rs_unload_count'), 0) AS BIGINT);
CREATE OR REPLACE MACRO pg_last_unload_id() AS CAST(coalesce(getvariable('rs_unload'), -1) AS BIGINT);
CREATE OR REPLACE MACRO slice_num() AS CAST(0 AS INTEGER);
CREATE OR REPLACE MACRO rs_current_schemas(i) AS CASE WHEN i THEN '{pg_catalog,public}' ELSE '{public}' END;
CREATE OR REPLACE MACRO user_is_member_of(u, r) AS true, (r) AS true;
CREATE OR REPLACE MACRO has_assumerole_privilege(r, p) AS true, (u, r, p) AS true;
CREATE OR REPLACE MACRO has_schema_privilege(s, p) AS true, (u, s, p) AS true;
CREATE OR REPLACE MACRO has_table_privilege(t, p) AS true, (u, t, p) AS true;
CREATE OR REPLACE MACRO has_database_privilege(d, p) AS true, (u, d, p) AS true;
CREATE OR REPLACE MACRO pg_typeof(x) AS CASE WHEN typeof(x) LIKE 'DECIMAL%' THEN 'numeric' ELSE CASE typeof(x) WHEN 'INTEGER' THEN 'integer' WHEN 'SMALLINT' THEN 'smallint' WHEN 'BIGINT' THEN 'bigint' WHEN 'HUGEINT' THEN 'bigint' WHEN 'DOUBLE' THEN 'double precision' WHEN 'FLOAT' THEN 'real' WHEN 'VARCHAR' THEN 'character varying' WHEN 'BOOLEAN' THEN 'boolean' WHEN 'DATE' THEN 'date' WHEN 'TIMESTAMP' THEN 'timestamp without time zone' WHEN 'TIMESTAMP WITH TIME ZONE' THEN 'timestamp with time zone' WHEN 'TIME' THEN 'time without time zone' WHEN 'JSON' THEN 'super' WHEN 'BLOB' THEN 'varbyte' ELSE lower(typeof(x)) END END;
