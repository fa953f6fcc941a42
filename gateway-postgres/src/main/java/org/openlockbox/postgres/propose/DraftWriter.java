package org.openlockbox.postgres.propose;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.openlockbox.postgres.catalogue.DatabaseAddress;

/// Writes a `resources.yaml` with one resource: what was found, a comment for each guess, and the
/// questions at the end. The same draft is always the same text.
final class DraftWriter {
  private static final String TABLES = "      ";
  private static final String KEYS = "    ";

  private final DraftHead head;
  private final List<String> lines = new ArrayList<>();

  private DraftWriter(DraftHead head) {
    this.head = head;
  }

  static String write(
      DraftHead head,
      List<TableDraft> tables,
      List<HiddenTable> hidden,
      List<OpenQuestion> questions) {
    var writer = new DraftWriter(head);
    writer.top();
    writer.tenancy();
    writer.tables(tables);
    writer.hidden(hidden);
    questions(head.id().value(), questions).forEach(writer.lines::add);
    return String.join("\n", writer.lines) + "\n";
  }

  /// The texts of tables in this resource.
  static TableText text(DraftHead head) {
    return new TableText(
        head.schema(),
        switch (head.tenants()) {
          case DraftHead.InColumn own -> Optional.of(own.column());
          case DraftHead.InDatabase ignored -> Optional.empty();
        });
  }

  private void top() {
    DatabaseAddress address = head.address();
    lines.add("# Drafted by `lockbox resource propose`. Nobody has reviewed it.");
    lines.add(
        "# A comment after a table or column says what the guess stands on: a declared key, a");
    lines.add("# name, a type, or the shape of sampled values. Questions stand at the end.");
    lines.add("resources:");
    lines.add("  - id: " + DraftText.yaml(head.id().value()));
    lines.add(KEYS + "name: " + DraftText.yaml(head.id().value()));
    lines.add(KEYS + "postgres:");
    lines.add(TABLES + "host: " + DraftText.quoted(address.host()));
    lines.add(TABLES + "port: " + address.port());
    lines.add(TABLES + "database: " + DraftText.yaml(address.database()));
    lines.add(TABLES + "tls: " + address.tls().word());
    address
        .authority()
        .ifPresent(file -> lines.add(TABLES + "ca: " + DraftText.quoted(file.toString())));
    lines.add(KEYS + "schema: " + TableText.column(head.schema()));
  }

  private void tenancy() {
    switch (head.tenants()) {
      case DraftHead.InColumn own -> {
        own.why().forEach(line -> lines.add(KEYS + "# " + DraftText.comment(line)));
        lines.add(KEYS + "tenancy:");
        lines.add(TABLES + "column: " + TableText.column(own.column()));
        lines.add(TABLES + "values: {}  # see question 1");
      }
      case DraftHead.InDatabase(String tenant) -> {
        lines.add(KEYS + "tenancy:");
        lines.add(TABLES + "database:");
        lines.add(
            TABLES
                + "  "
                + DraftText.yaml(tenant)
                + ": "
                + DraftText.yaml(head.address().database()));
      }
    }
    lines.add(KEYS + "levels: [metadata, masked, read]");
  }

  private void tables(List<TableDraft> tables) {
    lines.add(KEYS + (tables.isEmpty() ? "tables: {}" : "tables:"));
    for (TableDraft table : tables) {
      text(head).lines(table).forEach(line -> lines.add(TABLES + line));
    }
  }

  private void hidden(List<HiddenTable> hidden) {
    if (!hidden.isEmpty()) {
      lines.add(KEYS + "hiddenTables:");
      hidden.forEach(
          table ->
              lines.add(
                  TABLES + TableText.noted("- " + text(head).key(table.name()), table.why())));
    }
  }

  /// The questions as comments. Each begins with its subject, and ends with lines of the catalogue
  /// that would answer it.
  static List<String> questions(String resource, List<OpenQuestion> questions) {
    if (questions.isEmpty()) {
      return List.of();
    }
    var lines = new ArrayList<String>();
    lines.add("");
    lines.add(
        "# Questions about %s. Answer each in the catalogue, then delete it here."
            .formatted(resource));
    lines.add("# A hidden table that stays hidden needs no answer.");
    if (questions.stream()
        .flatMap(one -> one.answers().stream())
        .anyMatch(OpenQuestion::isOption)) {
      lines.add(
          "# Before you edit this file, run `resource propose` again with each --link that is");
      lines.add("# true: the draft then has what follows from it. Or write the line below it.");
    }
    int number = 1;
    for (OpenQuestion question : questions) {
      lines.add("#");
      lines.add("# %d. %s".formatted(number++, text(question)));
      question.answers().forEach(answer -> lines.add("#      " + DraftText.comment(answer)));
    }
    return List.copyOf(lines);
  }

  static String text(OpenQuestion question) {
    return DraftText.comment(question.subject() + ": " + question.sentence());
  }
}
