import java.math.BigDecimal;
import java.sql.*;
import java.util.Properties;

/** Speaks to the port as programs with PostgreSQL's JDBC driver do, and prints what they see. */
public class Client {
    static Connection c;

    public static void main(String[] args) throws Exception {
        String url = args[0];
        section("connect", () -> {
            c = DriverManager.getConnection(url, "etl", "secret");
            DatabaseMetaData m = c.getMetaData();
            print(m.getDatabaseProductName(), m.getDatabaseProductVersion(), m.getUserName(), c.getCatalog(), c.getSchema());
            print(c.isValid(5), c.getTransactionIsolation() == Connection.TRANSACTION_SERIALIZABLE, m.getMaxConnections());
        });
        section("make", () -> {
            try (Statement s = c.createStatement()) {
                s.execute("create schema sales");
                s.execute("create table sales.item (id integer not null primary key, name varchar(40) default 'none', price decimal(10,2), "
                    + "weight float, small smallint, big bigint, ok boolean, day date, at timestamp, atz timestamptz, doc super, code char(3))");
                s.execute("create table sales.line (no bigint identity(1,1), item integer references sales.item (id), primary key (no))");
                s.execute("create view sales.dear as select id, price from sales.item where price > 10");
                s.execute("create procedure sales.load(d in date, n inout integer) as $$ begin raise info 'loading %', d; n := n + 1; end $$ language plpgsql");
                s.execute("create function sales.twice(integer) returns integer stable as $$ select 2 * $1 $$ language sql");
                s.execute("comment on table sales.item is 'what is sold'");
                print(s.executeUpdate("insert into sales.item (id, name) values (1, 'one'), (2, null)"));
            }
        });
        section("prepared", Client::prepared);
        section("types", Client::types);
        section("cursor", Client::cursor);
        section("batch", Client::batch);
        section("errors", Client::errors);
        section("notices", Client::notices);
        section("procedure", Client::procedure);
        section("copy", () -> print(new org.postgresql.copy.CopyManager((org.postgresql.core.BaseConnection) c)
            .copyIn("copy sales.item from stdin", new java.io.StringReader("1\tx\n"))));
        section("after copy", () -> query("select 1 as one"));
        section("timeout", Client::timeout);
        section("metadata", Client::metadata);
        section("simple mode", () -> {
            try (Connection simple = DriverManager.getConnection(url + "&preferQueryMode=simple", "etl", "secret");
                 PreparedStatement s = simple.prepareStatement("select ?::int + 1, ? || 'x'")) {
                s.setInt(1, 41);
                s.setString(2, "it's");
                show(s.executeQuery());
            }
        });
        c.close();
    }

    static void prepared() throws SQLException {
        try (PreparedStatement s = c.prepareStatement("update sales.item set price = ?, weight = ?, small = ?, big = ?, ok = ?, day = ?, at = ?, doc = json_parse(?) where id = ?")) {
            s.setBigDecimal(1, new BigDecimal("12.345"));
            s.setDouble(2, 0.1);
            s.setShort(3, (short) 7);
            s.setLong(4, 1L << 40);
            s.setBoolean(5, true);
            s.setDate(6, Date.valueOf("2026-03-01"));
            s.setTimestamp(7, Timestamp.valueOf("2026-03-01 12:34:56.789"));
            s.setString(8, "{\"a\": [1, 2]}");
            s.setInt(9, 1);
            print(s.executeUpdate());
        }
        try (PreparedStatement s = c.prepareStatement("select id, name from sales.item where id = ? and coalesce(name, ?) is not null")) {
            print(s.getParameterMetaData().getParameterCount(), s.getParameterMetaData().getParameterTypeName(1), s.getMetaData().getColumnTypeName(2));
            // From the fifth execution on the driver keeps the statement on the server and asks for binary results.
            for (int i = 0; i < 8; i++) {
                s.setInt(1, 1 + i % 2);
                s.setString(2, "-");
                try (ResultSet r = s.executeQuery()) {
                    r.next();
                    System.out.print(r.getInt(1) + r.getString(2) + " ");
                }
            }
            System.out.println();
        }
        try (PreparedStatement s = c.prepareStatement("insert into sales.item (id, name, at) values (?, ?, ?)")) {
            s.setInt(1, 3);
            s.setNull(2, Types.VARCHAR);
            s.setNull(3, Types.TIMESTAMP);
            print(s.executeUpdate());
        }
    }

    static void types() throws SQLException {
        for (int i = 0; i < 6; i++) {
            try (PreparedStatement s = c.prepareStatement("select *, 1.5::float4 as real, interval '1 day 2 hours' as span, '13:14:15'::time as clock, "
                + "'ab'::varbyte as bytes from sales.item where id = 1")) {
                s.unwrap(org.postgresql.PGStatement.class).setPrepareThreshold(i < 5 ? 0 : -1);
                if (i == 0 || i == 5) {
                    ResultSet r = s.executeQuery();
                    describe(r.getMetaData());
                    show(r);
                }
            }
        }
    }

    static void cursor() throws SQLException {
        c.setAutoCommit(false);
        try (Statement s = c.createStatement()) {
            s.execute("create temp table n as select 1 as a");
            for (int i = 0; i < 7; i++) {
                s.execute("insert into n select a + (select max(a) from n) from n");
            }
            s.setFetchSize(10);
            int rows = 0, sum = 0;
            try (ResultSet r = s.executeQuery("select a from n order by a")) {
                while (r.next()) {
                    rows++;
                    sum += r.getInt(1);
                }
            }
            print("rows", rows, "sum", sum);
            s.setMaxRows(3);
            try (ResultSet r = s.executeQuery("select a from n order by a desc")) {
                show(r);
            }
        }
        try (PreparedStatement s = c.prepareStatement("select a from n where a > ? order by a")) {
            s.setFetchSize(50);
            s.setInt(1, 100);
            try (ResultSet r = s.executeQuery()) {
                int rows = 0;
                while (r.next()) rows++;
                print("rows", rows);
            }
        }
        c.rollback();
        c.setAutoCommit(true);
    }

    static void batch() throws SQLException {
        try (PreparedStatement s = c.prepareStatement("insert into sales.line (item) values (?)")) {
            for (int i = 0; i < 300; i++) {
                s.setInt(1, i);
                s.addBatch();
            }
            print(s.executeBatch().length);
        }
        try (Statement s = c.createStatement()) {
            s.addBatch("insert into sales.line (item) values (1)");
            s.addBatch("update sales.line set item = 0 where item = 1");
            s.addBatch("delete from sales.line where item = 0");
            print(java.util.Arrays.toString(s.executeBatch()));
            s.addBatch("insert into sales.line (item) values (777)");
            s.addBatch("insert into sales.line (item) values ('x')");
            try {
                s.executeBatch();
            } catch (BatchUpdateException e) {
                print(e.getSQLState(), java.util.Arrays.toString(e.getUpdateCounts()));
            }
        }
        query("select count(*) as n, sum(case when item = 777 then 1 else 0 end) as kept from sales.line");
        try (PreparedStatement s = c.prepareStatement("insert into sales.line (item) values (?)", Statement.RETURN_GENERATED_KEYS)) {
            s.setInt(1, 1);
            s.executeUpdate();
        } catch (SQLException e) {
            print(e.getSQLState(), e.getMessage());
        }
    }

    static void errors() throws SQLException {
        for (String sql : new String[] {"select nothing from sales.item", "selekt 1", "select * from none", "select 1 +", "select 1/0",
            "insert into sales.item (id) values ('x')", "select sum(name) from sales.item", "create table sales.item (a int)",
            "select 1; select 2", ""}) {
            try (Statement s = c.createStatement()) {
                print(s.execute(sql));
            } catch (org.postgresql.util.PSQLException e) {
                var m = e.getServerErrorMessage();
                print(sql, "->", e.getSQLState(), m == null ? e.getMessage() : m.getMessage(), m == null ? "" : "at " + m.getPosition());
            }
        }
        c.setAutoCommit(false);
        try (Statement s = c.createStatement()) {
            try {
                s.execute("select * from none");
            } catch (SQLException e) {
                print(e.getSQLState());
            }
            s.execute("select 1");
        } catch (SQLException e) {
            print(e.getSQLState());
        }
        c.rollback();
        c.setAutoCommit(true);
    }

    static void notices() throws SQLException {
        try (Statement s = c.createStatement()) {
            s.execute("call sales.load('2026-03-01', 1)");
            for (SQLWarning w = s.getWarnings(); w != null; w = w.getNextWarning()) {
                print(w.getSQLState(), w.getMessage());
            }
            s.execute("drop table if exists never_there");
            print(s.getWarnings() == null ? "none" : s.getWarnings().getMessage());
        }
    }

    static void procedure() throws SQLException {
        try (CallableStatement s = c.prepareCall("call sales.load(?, ?)")) {
            s.setDate(1, Date.valueOf("2026-03-01"));
            s.setInt(2, 5);
            s.registerOutParameter(2, Types.INTEGER);
            s.execute();
            print(s.getInt(2));
        }
    }

    static void timeout() throws SQLException {
        try (Statement s = c.createStatement()) {
            s.execute("set statement_timeout to 20");
            s.execute("select count(*) from sales.line a, sales.line b, sales.line c, sales.line d, sales.line e");
        } catch (SQLException e) {
            print(e.getSQLState(), e.getMessage().replaceAll("[(][0-9]+[)]", "(N)"));
        }
        try (Statement s = c.createStatement()) {
            s.execute("reset statement_timeout");
        }
    }

    static void metadata() throws Exception {
        DatabaseMetaData m = c.getMetaData();
        listing("schemas", () -> m.getSchemas(), "TABLE_SCHEM");
        listing("catalogs", () -> m.getCatalogs(), "TABLE_CAT");
        listing("tables", () -> m.getTables(null, "sales", "%", null), "TABLE_SCHEM", "TABLE_NAME", "TABLE_TYPE", "REMARKS");
        listing("tables only", () -> m.getTables(null, null, "%", new String[] {"TABLE"}), "TABLE_SCHEM", "TABLE_NAME", "TABLE_TYPE");
        listing("columns", () -> m.getColumns(null, "sales", "%", "%"), "TABLE_NAME", "COLUMN_NAME", "DATA_TYPE", "TYPE_NAME", "COLUMN_SIZE",
            "DECIMAL_DIGITS", "NULLABLE", "COLUMN_DEF", "ORDINAL_POSITION", "IS_AUTOINCREMENT");
        listing("primary keys", () -> m.getPrimaryKeys(null, "sales", "item"), "COLUMN_NAME", "KEY_SEQ", "PK_NAME");
        listing("imported keys", () -> m.getImportedKeys(null, "sales", "line"), "PKTABLE_NAME", "PKCOLUMN_NAME", "FKTABLE_NAME", "FKCOLUMN_NAME");
        listing("exported keys", () -> m.getExportedKeys(null, "sales", "item"), "PKTABLE_NAME", "PKCOLUMN_NAME", "FKTABLE_NAME", "FKCOLUMN_NAME");
        listing("indexes", () -> m.getIndexInfo(null, "sales", "item", false, false), "INDEX_NAME");
        listing("best row", () -> m.getBestRowIdentifier(null, "sales", "item", DatabaseMetaData.bestRowSession, true), "COLUMN_NAME");
        listing("version columns", () -> m.getVersionColumns(null, "sales", "item"), "COLUMN_NAME");
        listing("table privileges", () -> m.getTablePrivileges(null, "sales", "item"), "GRANTEE", "PRIVILEGE");
        listing("column privileges", () -> m.getColumnPrivileges(null, "sales", "item", "id"), "GRANTEE", "PRIVILEGE");
        listing("procedures", () -> m.getProcedures(null, "sales", "%"), "PROCEDURE_SCHEM", "PROCEDURE_NAME");
        listing("procedure columns", () -> m.getProcedureColumns(null, "sales", "load", "%"), "COLUMN_NAME", "COLUMN_TYPE", "TYPE_NAME");
        listing("functions", () -> m.getFunctions(null, "sales", "%"), "FUNCTION_SCHEM", "FUNCTION_NAME");
        listing("function columns", () -> m.getFunctionColumns(null, "sales", "twice", "%"), "COLUMN_NAME", "COLUMN_TYPE", "TYPE_NAME");
        listing("types", () -> m.getTypeInfo(), "TYPE_NAME", "DATA_TYPE");
        listing("own types", () -> m.getUDTs(null, null, "%", null), "TYPE_NAME");
        listing("client properties", () -> m.getClientInfoProperties(), "NAME");
        print(m.getSQLKeywords().length() > 0, m.getMaxColumnNameLength(), m.supportsStoredProcedures());
    }

    interface Query { ResultSet run() throws SQLException; }

    static void listing(String name, Query q, String... columns) {
        System.out.println("-- " + name);
        try (ResultSet r = q.run()) {
            while (r.next()) {
                StringBuilder line = new StringBuilder();
                for (String column : columns) {
                    line.append(line.length() > 0 ? " | " : "").append(r.getString(column));
                }
                System.out.println(line);
            }
        } catch (SQLException e) {
            print("error", e.getSQLState(), e.getMessage());
        }
    }

    static void query(String sql) throws SQLException {
        try (Statement s = c.createStatement()) {
            show(s.executeQuery(sql));
        }
    }

    static void describe(ResultSetMetaData m) throws SQLException {
        for (int i = 1; i <= m.getColumnCount(); i++) {
            print(m.getColumnName(i), m.getColumnTypeName(i), m.getPrecision(i), m.getScale(i), m.getColumnClassName(i));
        }
    }

    static void show(ResultSet r) throws SQLException {
        while (r.next()) {
            StringBuilder line = new StringBuilder();
            for (int i = 1; i <= r.getMetaData().getColumnCount(); i++) {
                line.append(i > 1 ? " | " : "").append(r.getString(i));
            }
            System.out.println(line);
        }
        r.close();
    }

    interface Step { void run() throws Exception; }

    static void section(String name, Step step) {
        System.out.println("== " + name);
        try {
            step.run();
        } catch (SQLException e) {
            print("error", e.getSQLState(), e.getMessage());
        } catch (Exception e) {
            print("error", e);
        }
    }

    static void print(Object... words) {
        StringBuilder line = new StringBuilder();
        for (Object w : words) {
            line.append(line.length() > 0 ? " " : "").append(w);
        }
        System.out.println(line);
    }
}
