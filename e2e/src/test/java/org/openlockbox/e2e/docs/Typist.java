package org.openlockbox.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.openlockbox.e2e.harness.Terminal;
import org.openlockbox.e2e.harness.Typed;

/// A reader who types the blocks of pages, in order, into one shell: what one block exports or
/// defines is there for the next. Every command must end with 0, also those in front of a pipe,
/// except where the page says otherwise; and what it prints must be what the page shows.
///
/// `R-…` and the sample id `R-7K3F92QX4M` become the id of the request that was asked last.
final class Typist implements AutoCloseable {
  private static final Pattern ID = Pattern.compile("\\bR-[0-9A-Z]{10}\\b");
  private static final Pattern ASKS = Pattern.compile("request (create|extend)|/requests\" -H");
  private static final String SAMPLE = "R-7K3F92QX4M";

  private final Path notes;
  private final Map<String, String> elsewhere;
  private final Pattern otherwise;
  private final Typed shell;
  private final List<Typed> going = new ArrayList<>();
  private final Terminal terminal;
  private String request = SAMPLE;
  private int typed;

  /// `elsewhere`: what stands in the pages and is otherwise on this machine, such as ports. Scripts
  /// and their output lie in `notes`.
  Typist(Terminal terminal, Path notes, Map<String, String> elsewhere) {
    this.terminal = terminal;
    this.notes = notes;
    this.elsewhere = elsewhere;
    this.otherwise =
        Pattern.compile(
            elsewhere.keySet().stream()
                .map(key -> "(?<![0-9])" + Pattern.quote(key) + "(?![0-9])")
                .collect(Collectors.joining("|", "(?:", "|(?!))")));
    this.shell = terminal.begins("exec bash");
    shell.types("set -o pipefail -E; export PS1=");
  }

  /// `R-…` stands for this request from here on.
  Typist about(String id) {
    request = id;
    return this;
  }

  /// Types every block of the page that a test can type; answers how many.
  int types(Page page) {
    int before = typed;
    page.blocks().stream()
        .filter(block -> block.isTyped() && !block.isNotRun())
        .forEach(this::types);
    return typed - before;
  }

  /// Types one block, and waits for its end or until it says what the page says.
  String types(Block block) {
    typed++;
    if (block.endsTheOthers()) {
      endTheOthers();
    }
    String name = "%s-%d".formatted(block.page().replace('/', '-'), block.line());
    write(name + ".sh", said(block.text()));
    return block.goesOnAfter().isEmpty() ? runs(block, name) : beginsToRun(block, name);
  }

  private String runs(Block block, String name) {
    Path log = notes.resolve(name);
    shell.types(
        """
        trap 'echo "$? $BASH_COMMAND" >>%1$s.refused' ERR
        . %1$s.sh >%1$s.out 2>&1 </dev/null
        trap - ERR; echo "ended %2$s"\
        """
            .formatted(log, name));
    shell.prints("ended " + name + "\n");
    String printed = read(name + ".out");
    List<String> refused =
        Files.exists(notes.resolve(name + ".refused"))
            ? read(name + ".refused").lines().filter(line -> !line.matches("\\d+ \\. /.*")).toList()
            : List.of();
    compare(block, printed, refused);
    if (ASKS.matcher(block.text()).find() && !block.text().contains(" --predict")) {
      var ids = ID.matcher(printed);
      assertThat(ids.find()).as("the id of a request in\n%s\n%s", block, printed).isTrue();
      request = ids.group();
    }
    return printed;
  }

  private void compare(Block block, String printed, List<String> refused) {
    String seen =
        block
            + "\nprinted\n"
            + printed
            + String.join("\n", going.stream().map(Typed::toString).toList());
    OptionalInt expected = block.refusedWith();
    if (expected.isEmpty()) {
      assertThat(refused).as(seen).isEmpty();
    } else {
      assertThat(refused).as(seen).isNotEmpty();
      assertThat(refused).as(seen).allMatch(line -> line.startsWith(expected.getAsInt() + " "));
    }
    if (!block.shown().isEmpty()) {
      assertThat(printed).as(seen).containsPattern(block.printed());
    }
  }

  /// In a second terminal that knows what this one exported.
  private String beginsToRun(Block block, String name) {
    Path environment = notes.resolve(name + ".env");
    shell.types("export -p >" + environment + "; echo 'noted " + name + "'");
    shell.prints("noted " + name + "\n");
    Typed program =
        terminal.begins(
            "exec bash -c '. %s; . %s.sh 2>&1'".formatted(environment, notes.resolve(name)));
    going.add(program);
    program.prints(block.goesOnAfter());
    return program.out();
  }

  private void endTheOthers() {
    for (Typed program : going.reversed()) {
      program.interruptToTheEnd();
    }
    going.clear();
  }

  private String said(String text) {
    String said = text.replace("R-…", request).replace(SAMPLE, request);
    return otherwise.matcher(said).replaceAll(found -> elsewhere.getOrDefault(found.group(), ""));
  }

  private void write(String name, String text) {
    try {
      Files.createDirectories(notes);
      Files.writeString(notes.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String read(String name) {
    try {
      return Files.readString(notes.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    going.forEach(Typed::close);
    shell.close();
  }
}
