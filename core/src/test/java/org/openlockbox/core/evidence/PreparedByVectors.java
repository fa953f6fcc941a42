package org.openlockbox.core.evidence;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.Json;

/// Statements of two sessions, in log order, of which one says which statement prepared it: true
/// ones, and for each rule of docs/spec/log-entry.md one that breaks it.
final class PreparedByVectors {
  private static final SessionId ONE = new SessionId("S-0000000000000001");
  private static final SessionId TWO = new SessionId("S-0000000000000002");
  private static final Commitment TEXT =
      Commitment.to(Bytes.of(new byte[Commitment.SALT_LENGTH]), Bytes.ofUtf8("execute p"));

  private PreparedByVectors() {}

  static List<Json.Object> all() {
    return List.of(
        vector("the first one", true, plain(ONE, 0), by(ONE, 1, 0)),
        vector("the one before it", true, plain(ONE, 0), plain(ONE, 1), by(ONE, 2, 1)),
        vector("one of its session", true, plain(ONE, 0), plain(TWO, 0), by(TWO, 1, 0)),
        vector("itself", false, plain(ONE, 0), by(ONE, 1, 1)),
        vector("itself, the first", false, by(ONE, 0, 0)),
        vector("a later one", false, plain(ONE, 0), by(ONE, 1, 2), plain(ONE, 2)),
        vector(
            "one of another session",
            false,
            plain(ONE, 0),
            plain(ONE, 1),
            plain(TWO, 0),
            by(TWO, 1, 1)),
        vector(
            "a session and a number",
            false,
            plain(ONE, 0),
            plain(TWO, 0),
            with(TWO, 1, Json.object().put("n", 0).put("session", ONE.value()).build())),
        vector("one that there is not", false, plain(ONE, 0), by(ONE, 1, 99)),
        vector("one before the first", false, plain(ONE, 0), by(ONE, 1, -1)),
        vector("a number in quotes", false, plain(ONE, 0), with(ONE, 1, new Json.Text("0"))),
        vector("true", false, plain(ONE, 0), with(ONE, 1, new Json.Bool(true))),
        vector("false", false, plain(ONE, 0), with(ONE, 1, new Json.Bool(false))),
        vector(
            "a list", false, plain(ONE, 0), with(ONE, 1, Json.array(List.of(new Json.Number(0))))));
  }

  private static Json.Object vector(String name, boolean valid, Json.Object... bodies) {
    return Json.object()
        .put("name", "preparedBy: " + name)
        .put("statements", Arrays.asList(bodies))
        .put("valid", valid)
        .build();
  }

  private static Json.Object plain(SessionId session, long n) {
    return statement(session, n).toJson();
  }

  private static Json.Object by(SessionId session, long n, long by) {
    return with(session, n, new Json.Number(by));
  }

  private static Json.Object with(SessionId session, long n, Json by) {
    var members = new TreeMap<>(plain(session, n).members());
    members.put("preparedBy", by);
    return new Json.Object(members);
  }

  static SessionEvent.Statement statement(SessionId session, long n) {
    return new SessionEvent.Statement(
        session, n, TEXT, Optional.empty(), "query", StatementFacts.of("select"));
  }
}
