package org.openlockbox.cli.command;

import java.util.List;
import java.util.Map;

/// The fields that a verb prints with `-o json`, for its help. Those that say more than one thing
/// are objects or lists; the interface's description has them all.
public final class JsonFields {
  private static final List<String> REQUEST =
      List.of(
          "id",
          "state",
          "tenant",
          "tenantName",
          "resource",
          "level",
          "purpose",
          "reason",
          "ticket",
          "engineer",
          "createTime",
          "decideBy",
          "duration",
          "expireTime",
          "quorum",
          "approvals",
          "grant",
          "ended",
          "comment",
          "openSessions",
          "logIndex");

  private static final List<String> SESSION =
      List.of(
          "id",
          "tenant",
          "request",
          "engineer",
          "resource",
          "level",
          "state",
          "openTime",
          "expireTime",
          "endTime",
          "statements",
          "rows");

  private static final Map<String, List<String>> FIELDS =
      Map.ofEntries(
          Map.entry("lockbox request create", REQUEST),
          Map.entry("lockbox request show", REQUEST),
          Map.entry("lockbox request ls", REQUEST),
          Map.entry("lockbox request watch", REQUEST),
          Map.entry("lockbox request withdraw", REQUEST),
          Map.entry("lockbox request extend", REQUEST),
          Map.entry("lockbox complete", REQUEST),
          Map.entry("lockbox sessions ls", SESSION),
          Map.entry("lockbox sessions watch", SESSION));

  private JsonFields() {}

  /// The line of the help; empty where a verb has none.
  public static String line(String verb) {
    var fields = FIELDS.getOrDefault(verb, List.of());
    return fields.isEmpty() ? "" : "Fields with -o json: " + String.join(", ", fields);
  }
}
