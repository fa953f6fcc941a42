package org.openlockbox.cli.command;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The fields that a verb prints with `-o json`, for its help. What stands in brackets are the
/// fields of each part of a list.
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
          "logIndex",
          "assurance",
          "protocol",
          "origin",
          "sessions",
          "sql",
          "rowBudget",
          "byteBudget",
          "operationTimeout",
          "idleTimeout",
          "hours",
          "softEnd",
          "notBefore",
          "extends",
          "review",
          "leftover",
          "erased",
          "statementTexts",
          "entry",
          "policy",
          "requestSha256",
          "nameSalt",
          "reasonSalt");

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
          "rows",
          "client",
          "gateway",
          "reason");

  private static final List<String> TENANT =
      List.of(
          "id",
          "name",
          "pin",
          "origin",
          "logKeys",
          "quorum",
          "keys",
          "settings",
          "policy",
          "policySince",
          "size");

  private static final List<String> CHANGED_TENANT = with(TENANT, "checkpointFollows");

  private static final List<String> DECISION = with(REQUEST, "proof", "checkpointFollows");

  private static final List<String> PROPOSAL =
      List.of(
          "id",
          "state",
          "by",
          "createdAt",
          "payloadType",
          "payload",
          "quorum",
          "signedBy",
          "keysToSign");

  private static final List<String> WEBHOOK =
      List.of("id", "url", "topics", "on", "createdBy", "createdAt");

  private static final List<String> NEW_WEBHOOK = List.of(each("webhook", WEBHOOK), "secret");

  private static final Map<String, List<String>> FIELDS =
      Map.ofEntries(
          Map.entry("lockbox request create", REQUEST),
          Map.entry("lockbox request show", REQUEST),
          Map.entry("lockbox request ls", List.of(each("requests", REQUEST))),
          Map.entry("lockbox request watch", REQUEST),
          Map.entry("lockbox request withdraw", REQUEST),
          Map.entry("lockbox request extend", REQUEST),
          Map.entry("lockbox complete", REQUEST),
          Map.entry("lockbox approve", DECISION),
          Map.entry("lockbox deny", DECISION),
          Map.entry("lockbox revoke", DECISION),
          Map.entry("lockbox sessions ls", List.of(each("sessions", SESSION))),
          Map.entry("lockbox sessions watch", List.of(each("sessions", SESSION))),
          Map.entry(
              "lockbox connect",
              List.of(
                  "host",
                  "port",
                  "database",
                  "user",
                  "passFile",
                  "serviceFile",
                  "caFile",
                  "url",
                  "headerFile",
                  "routes",
                  "expireTime")),
          Map.entry(
              "lockbox proxy",
              List.of(
                  "host",
                  "port",
                  "database",
                  "user",
                  "password",
                  "url",
                  "headerFile",
                  "expireTime")),
          Map.entry("lockbox open", List.of("url", "expireTime")),
          Map.entry("lockbox evidence", List.of("file", "bytes")),
          Map.entry(
              "lockbox log",
              List.of(
                  "seq",
                  "type",
                  "time",
                  "entry",
                  "text",
                  "input",
                  "name",
                  "statements",
                  "erased",
                  "textBytes",
                  "inputBytes",
                  "nameBytes")),
          Map.entry("lockbox tenant show", TENANT),
          Map.entry("lockbox tenant ls", List.of(each("tenants", TENANT))),
          Map.entry("lockbox tenant create", with(TENANT, "tenant", "admin", "expiresAt")),
          Map.entry("lockbox tenant erase", List.of("index", "proof")),
          Map.entry(
              "lockbox settings show",
              List.of("witness", "maxUnwitnessed", "ownWitness", "retention", "access")),
          Map.entry("lockbox settings set", CHANGED_TENANT),
          Map.entry("lockbox key add", CHANGED_TENANT),
          Map.entry("lockbox key remove", CHANGED_TENANT),
          Map.entry("lockbox key sign", PROPOSAL),
          Map.entry("lockbox key new", List.of("file", "keyId", "scheme", "spki", "application")),
          Map.entry(
              "lockbox policy get",
              List.of("mode", "rules", "groups", "escalation", "absences", "ticketKeys")),
          Map.entry("lockbox policy apply", CHANGED_TENANT),
          Map.entry(
              "lockbox policy simulate",
              List.of(
                  "sentence",
                  "policy",
                  "yaml",
                  "problems",
                  "findings",
                  "table",
                  "replayed",
                  each("changed", List.of("request", "createTime", "state", "before", "after")))),
          Map.entry("lockbox ticket sign", List.of("ticket", "by", "notAfter", "index")),
          Map.entry("lockbox notify show", List.of("links", "contacts")),
          Map.entry(
              "lockbox notify ls",
              List.of(
                  each(
                      "deliveries",
                      List.of(
                          "id",
                          "channel",
                          "kind",
                          "request",
                          "messageId",
                          "to",
                          "state",
                          "createdAt",
                          "sentAt",
                          "deadAt",
                          "dueAt",
                          "lastError",
                          "attempts")),
                  "nextBefore")),
          Map.entry("lockbox webhook ls", List.of(each("webhooks", WEBHOOK))),
          Map.entry("lockbox webhook add", NEW_WEBHOOK),
          Map.entry("lockbox webhook rotate", NEW_WEBHOOK),
          Map.entry("lockbox gateway object", CHANGED_TENANT),
          Map.entry(
              "lockbox gateway ls",
              List.of(
                  each(
                      "gateways",
                      List.of(
                          "gateway",
                          "state",
                          "key",
                          "keys",
                          "logHost",
                          "notAfter",
                          "resources",
                          "sessions",
                          "version",
                          "region")))),
          Map.entry("lockbox export status", List.of("size", "sinks")),
          Map.entry("lockbox login", List.of("profile", "server", "subject")),
          Map.entry("lockbox status", List.of("profile", "server", "status", "whoami")),
          Map.entry("lockbox version", List.of("version", "commit", "built", "java")),
          Map.entry("lockbox whoami", List.of("subject", "name", "roles", "tenant")));

  private static List<String> with(List<String> fields, String... more) {
    return Stream.concat(fields.stream(), Stream.of(more)).toList();
  }

  private static String each(String list, List<String> fields) {
    return list + " [" + String.join(", ", fields) + "]";
  }

  private JsonFields() {}

  /// The line of the help; empty where a verb has none.
  public static String line(String verb) {
    var fields = FIELDS.getOrDefault(verb, List.of());
    return fields.isEmpty() ? "" : "Fields with -o json: " + String.join(", ", fields);
  }
}
