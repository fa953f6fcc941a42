package org.openlockbox.core.operation;

import java.util.function.Function;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;

/// What the gateway read off an operation before it passed it on (docs/spec/log-entry.md, "Facts"):
/// one closed set of members for each protocol.
///
/// It holds no word of the engineer's: everything is the gateway's word, a name of the resource's
/// catalogue, or a count. So it stays when the operation's text is erased.
public sealed interface OperationFacts permits SqlFacts, HttpFacts, SshFacts {
  Protocol protocol();

  /// In plain words, one line: `reads customers, tickets (12 columns); calls count`.
  String line();

  /// Whether the gateway could not read what the operation does.
  boolean isUnknown();

  /// The member of `facts` that holds them.
  String member();

  /// What stands in that member.
  Json.Object toJson();

  /// The canonical spelling of [#toJson].
  default String canonical() {
    return CanonicalJson.text(toJson());
  }

  static OperationFacts parse(Fields facts) {
    OperationFacts read =
        switch (facts.names().toString()) {
          case "[sql]" -> read(facts.object("sql"), SqlFacts::parse);
          case "[http]" -> read(facts.object("http"), HttpFacts::parse);
          case "[ssh]" -> read(facts.object("ssh"), SshFacts::parse);
          default -> throw new MalformedJson("'facts' are of one protocol: " + facts.names());
        };
    facts.done();
    return read;
  }

  private static OperationFacts read(Fields of, Function<Fields, OperationFacts> parse) {
    return of.whole(() -> parse.apply(of));
  }
}
