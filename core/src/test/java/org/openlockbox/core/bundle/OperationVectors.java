package org.openlockbox.core.bundle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.log.EntryType;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.log.StreamPart;
import org.openlockbox.core.operation.OutcomeStatus;
import org.openlockbox.core.operation.Protocol;
import org.openlockbox.core.operation.SqlFacts;
import org.openlockbox.core.statement.Commitment;

/// Operations and outcomes of sessions, in log order: true ones, and for each rule of
/// docs/spec/log-entry.md one that breaks it.
final class OperationVectors {
  static final String TYPE = "type";
  static final String BODY = "body";
  private static final SessionId ONE = new SessionId("S-0000000000000001");
  private static final SessionId TWO = new SessionId("S-0000000000000002");
  private static final Commitment TEXT =
      Commitment.to(Bytes.of(new byte[Commitment.SALT_LENGTH]), Bytes.ofUtf8("execute p"));

  private OperationVectors() {}

  static List<Json.Object> all() {
    var all = new ArrayList<Json.Object>();
    all.addAll(preparedBy());
    all.addAll(sqlFacts());
    all.addAll(sqlNames());
    all.addAll(factsThatAreNotSql());
    all.addAll(httpFacts());
    all.addAll(sshFacts());
    all.addAll(statuses());
    all.addAll(parts());
    return all;
  }

  private static List<Json.Object> preparedBy() {
    return List.of(
        sql("preparedBy: the first one", true, plain(ONE, 0), by(ONE, 1, "0")),
        sql("preparedBy: the one before it", true, plain(ONE, 0), plain(ONE, 1), by(ONE, 2, "1")),
        sql("preparedBy: one of its session", true, plain(ONE, 0), plain(TWO, 0), by(TWO, 1, "0")),
        sql("preparedBy: itself", false, plain(ONE, 0), by(ONE, 1, "1")),
        sql("preparedBy: itself, the first", false, by(ONE, 0, "0")),
        sql("preparedBy: a later one", false, plain(ONE, 0), by(ONE, 1, "2"), plain(ONE, 2)),
        sql(
            "preparedBy: one of another session",
            false,
            plain(ONE, 0),
            plain(ONE, 1),
            plain(TWO, 0),
            by(TWO, 1, "1")),
        sql(
            "preparedBy: a session and a number",
            false,
            plain(ONE, 0),
            plain(TWO, 0),
            by(TWO, 1, "{'n':0,'session':'S-0000000000000001'}")),
        sql("preparedBy: one that there is not", false, plain(ONE, 0), by(ONE, 1, "99")),
        sql("preparedBy: one before the first", false, plain(ONE, 0), by(ONE, 1, "-1")),
        sql("preparedBy: a number in quotes", false, plain(ONE, 0), by(ONE, 1, "'0'")),
        sql("preparedBy: true", false, plain(ONE, 0), by(ONE, 1, "true")),
        sql("preparedBy: false", false, plain(ONE, 0), by(ONE, 1, "false")),
        sql("preparedBy: a list", false, plain(ONE, 0), by(ONE, 1, "[0]")));
  }

  private static List<Json.Object> sqlFacts() {
    return List.of(
        sql(
            "sql: all there is",
            true,
            first(
                "{'sql':{'class':['copy-out','select'],'columns':3,'functions':{'names':['count',"
                    + "'lower'],'others':2},'tables':{'others':1,'reads':['customers','pg_catalog'],"
                    + "'writes':['shop.orders']}}}")),
        sql("sql: no class", false, first("{'sql':{'columns':1}}")),
        sql("sql: classes without one", false, first("{'sql':{'class':[]}}")),
        sql("sql: a class that is no word", false, first("{'sql':{'class':['Select all']}}")),
        sql("sql: no columns", false, first("{'sql':{'class':['select'],'columns':0}}")),
        sql("sql: tables of nothing", false, first("{'sql':{'class':['select'],'tables':{}}}")),
        sql("sql: no names", false, first("{'sql':{'class':['select'],'tables':{'reads':[]}}}")),
        sql(
            "sql: names out of order",
            false,
            first("{'sql':{'class':['select'],'tables':{'reads':['b','a']}}}")),
        sql(
            "sql: a name twice",
            false,
            first("{'sql':{'class':['select'],'tables':{'reads':['a','a']}}}")),
        sql(
            "sql: words of the engineer",
            false,
            first("{'sql':{'class':['select'],'functions':{'names':['what I like']}}}")),
        sql("sql: another member", false, first("{'sql':{'class':['select'],'more':1}}")));
  }

  private static List<Json.Object> sqlNames() {
    return List.of(
        sql(
            "sql: tables that need quotes",
            true,
            reads(
                "\"\"\"\"",
                "\"1a\"",
                "\"A\".b",
                "\"Größe, 表\"",
                "\"Tenant\"",
                "\"a\"\"b\"",
                "\"a.b\"",
                "crm.\"Tenant\"")),
        sql("sql: capitals without quotes", false, reads("Tenant")),
        sql("sql: quotes that are not needed", false, reads("\"tickets\"")),
        sql("sql: quotes around nothing", false, reads("\"\"")),
        sql("sql: quotes that do not end", false, reads("\"Tenant")),
        sql("sql: quotes that end before", false, reads("\"A\" or more\"")),
        sql("sql: a name of three parts", false, reads("a.b.c")),
        sql("sql: a name of two lines", false, reads("\"two\nlines\"")),
        sql("sql: a line behind a name", false, reads("tickets\n")),
        sql("sql: a name of another plane", false, reads("\"\ud83d\ude00\"")),
        sql("sql: a name that is too long", false, reads("a".repeat(258))),
        sql(
            "sql: a function in quotes",
            false,
            first("{'sql':{'class':['select'],'functions':{'names':['\\\"Count\\\"']}}}")),
        sql(
            "sql: a text instead of names",
            false,
            first("{'sql':{'class':['select'],'tables':{'reads':'a'}}}")));
  }

  private static Json.Object reads(String... tables) {
    return first(
        Stream.of(tables)
            .map(name -> name.replace("\"", "\\\"").replace("\n", "\\n"))
            .collect(
                Collectors.joining(
                    "','", "{'sql':{'class':['select'],'tables':{'reads':['", "']}}}")));
  }

  private static List<Json.Object> factsThatAreNotSql() {
    return List.of(
        sql("sql: no facts", false, first("{}")),
        sql(
            "sql: facts of two protocols",
            false,
            first("{'http':{'method':'GET','route':'a'},'sql':{'class':['select']}}")),
        sql(
            "sql: facts of another protocol",
            false,
            first("{'http':{'method':'GET','route':'a'}}")));
  }

  private static List<Json.Object> httpFacts() {
    var http = Protocol.HTTP;
    return List.of(
        of(http, "http: a route", true, first("{'http':{'method':'GET','route':'tickets.list'}}")),
        of(
            http,
            "http: no route, refused",
            true,
            refused(first("{'http':{'method':'OTHER'}}"), "route")),
        of(http, "http: no route, passed on", false, first("{'http':{'method':'GET'}}")),
        of(http, "http: no method", false, first("{'http':{'route':'tickets.list'}}")),
        of(
            http,
            "http: a method that is not listed",
            false,
            first("{'http':{'method':'BREW','route':'tickets.list'}}")),
        of(
            http,
            "http: a path as a route",
            false,
            first("{'http':{'method':'GET','route':'/v1/tickets'}}")),
        of(
            http,
            "http: another member",
            false,
            first("{'http':{'method':'GET','route':'tickets.list','status':2}}")),
        of(http, "http: facts of SQL", false, plain(ONE, 0)));
  }

  private static List<Json.Object> sshFacts() {
    var ssh = Protocol.SSH;
    return List.of(
        of(
            ssh,
            "ssh: a command",
            true,
            first("{'ssh':{'channel':'exec','command':'read-log','path':'logs'}}")),
        of(ssh, "ssh: a shell", true, first("{'ssh':{'channel':'shell'}}")),
        of(ssh, "ssh: no channel", false, first("{'ssh':{'command':'read-log'}}")),
        of(ssh, "ssh: a channel that is not listed", false, first("{'ssh':{'channel':'agent'}}")),
        of(
            ssh,
            "ssh: the command itself",
            false,
            first("{'ssh':{'channel':'exec','command':'cat /var/log/app'}}")),
        of(
            ssh,
            "ssh: the path itself",
            false,
            first("{'ssh':{'channel':'sftp','path':'/var/log'}}")));
  }

  private static List<Json.Object> statuses() {
    return List.of(
        answered(Protocol.POSTGRESQL, "00000", true),
        answered(Protocol.POSTGRESQL, "42P01", true),
        answered(Protocol.POSTGRESQL, "200", false),
        answered(Protocol.POSTGRESQL, "42p01", false),
        answered(Protocol.POSTGRESQL, "", false),
        answered(Protocol.HTTP, "200", true),
        answered(Protocol.HTTP, "599", true),
        answered(Protocol.HTTP, "600", false),
        answered(Protocol.HTTP, "00000", false),
        answered(Protocol.SSH, "exit 0", true),
        answered(Protocol.SSH, "exit 255", true),
        answered(Protocol.SSH, "signal TERM", true),
        answered(Protocol.SSH, "exit 256", false),
        answered(Protocol.SSH, "exit 00", false),
        answered(Protocol.SSH, "200", false),
        sql(
            "outcome: what it changed",
            true,
            plain(ONE, 0),
            outcome("{'bytes':0,'changed':3,'n':0,'status':'00000','units':0}")),
        sql(
            "outcome: that it changed nothing",
            false,
            plain(ONE, 0),
            outcome("{'bytes':0,'changed':0,'n':0,'status':'00000','units':0}")),
        sql(
            "outcome: without an operation",
            false,
            plain(ONE, 0),
            outcome("{'bytes':0,'n':1,'status':'00000','units':0}")));
  }

  private static List<Json.Object> parts() {
    var opening = plain(ONE, 0);
    var done = outcome("{'bytes':0,'n':0,'status':'00000','units':0}");
    return List.of(
        sql("part: two and an outcome", true, opening, part(0, "in", 0), part(0, "in", 1), done),
        sql("part: of both directions", true, opening, part(0, "in", 0), part(0, "out", 0)),
        sql(
            "part: of two operations",
            true,
            opening,
            plain(ONE, 1),
            part(1, "in", 0),
            part(0, "in", 0)),
        sql("part: one is missing", false, opening, part(0, "in", 0), part(0, "in", 2)),
        sql("part: one comes twice", false, opening, part(0, "in", 0), part(0, "in", 0)),
        sql("part: without an operation", false, opening, part(1, "in", 0)),
        sql("part: after the outcome", false, opening, done, part(0, "in", 0)),
        sql("part: to nowhere", false, opening, part(0, "back", 0)),
        sql(
            "part: of no bytes",
            false,
            opening,
            entry(EntryType.PART, with(body(part(0, "in", 0)), "bytes", new Json.Number(0)))));
  }

  private static Json.Object part(long n, String direction, long part) {
    return entry(
        EntryType.PART,
        with(
            (Json.Object)
                json(
                    "{'bytes':3,'digest':'%s','direction':'%s','n':%d,'part':%d}"
                        .formatted(TEXT.hex(), direction, n, part)),
            "session",
            new Json.Text(ONE.value())));
  }

  private static Json.Object body(Json.Object entry) {
    return (Json.Object) Objects.requireNonNull(entry.members().get(BODY));
  }

  private static Json.Object answered(Protocol protocol, String status, boolean valid) {
    var facts =
        switch (protocol) {
          case POSTGRESQL -> "{'sql':{'class':['select']}}";
          case HTTP -> "{'http':{'method':'GET','route':'tickets.list'}}";
          case SSH -> "{'ssh':{'channel':'shell'}}";
        };
    return of(
        protocol,
        "status of %s: “%s”".formatted(protocol.word(), status),
        valid,
        first(facts),
        outcome("{'bytes':0,'n':0,'status':'%s','units':0}".formatted(status)));
  }

  private static Json.Object sql(String name, boolean valid, Json.Object... entries) {
    return of(Protocol.POSTGRESQL, name, valid, entries);
  }

  private static Json.Object of(
      Protocol protocol, String name, boolean valid, Json.Object... entries) {
    return Json.object()
        .put("name", name)
        .put("protocol", protocol.word())
        .put("entries", Arrays.asList(entries))
        .put("valid", valid)
        .build();
  }

  private static Json.Object plain(SessionId session, long n) {
    return entry(EntryType.OPERATION, operation(session, n).toJson());
  }

  private static Json.Object by(SessionId session, long n, String by) {
    return with(session, n, "{'sql':{'class':['execute'],'preparedBy':%s}}".formatted(by));
  }

  private static Json.Object first(String facts) {
    return with(ONE, 0, facts);
  }

  private static Json.Object with(SessionId session, long n, String facts) {
    return entry(EntryType.OPERATION, with(operation(session, n).toJson(), "facts", json(facts)));
  }

  private static Json.Object refused(Json.Object entry, String why) {
    return entry(EntryType.OPERATION, with(body(entry), "refused", new Json.Text(why)));
  }

  private static Json.Object outcome(String body) {
    return entry(
        EntryType.OUTCOME, with((Json.Object) json(body), "session", new Json.Text(ONE.value())));
  }

  private static Json.Object entry(EntryType type, Json.Object body) {
    return Json.object().put(TYPE, type.word()).put(BODY, body).build();
  }

  private static Json.Object with(Json.Object object, String name, Json value) {
    var members = new TreeMap<>(object.members());
    members.put(name, value);
    return new Json.Object(members);
  }

  private static Json json(String withSingleQuotes) {
    return Json.read(Bytes.ofUtf8(withSingleQuotes.replace('\'', '"')).toArray());
  }

  static SessionEvent.Operation operation(SessionId session, long n) {
    return new SessionEvent.Operation(
        session, n, TEXT, Optional.empty(), "query", SqlFacts.of("select"));
  }

  static StreamPart part(SessionId session, long n) {
    return new StreamPart(session, n, 0, StreamPart.Direction.IN, 1, TEXT, Optional.empty());
  }

  static SessionEvent.Outcome outcome(SessionId session, long n) {
    return new SessionEvent.Outcome(session, n, OutcomeStatus.SQL_DONE, 0, 0, 0, Optional.empty());
  }
}
