package org.openlockbox.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.SharedDemo;

/// Whatever a verb prints with `-o json` stands in its help.
@ExtendWith(SharedDemo.class)
class JsonFieldsTest {
  @ParameterizedTest
  @CsvSource({
    "operator, version",
    "operator, status",
    "operator, whoami",
    "operator, gateway ls",
    "operator, tenant ls",
    "operator, export status",
    "engineer, request ls",
    "acme-approver, tenant show acme",
    "acme-approver, settings show acme",
    "acme-approver, notify show",
    "acme-approver, notify ls",
    "acme-approver, webhook ls",
    "acme-approver, policy get acme",
    "acme-auditor, log",
    "acme-auditor, sessions ls"
  })
  void everyFieldStandsInTheHelp(String person, String verb, Demo demo) {
    var terminal = demo.terminal(person);
    Set<String> listed = words(terminal.types("lockbox " + verb + " --help").ok());
    terminal
        .types("lockbox " + verb + " -o json")
        .ok()
        .lines()
        .limit(20)
        .forEach(
            line ->
                assertThat(listed).containsAll(fields(CanonicalJson.parse(Bytes.ofUtf8(line)))));
  }

  private static Set<String> words(String help) {
    String begin = "Fields with -o json: ";
    assertThat(help).contains(begin);
    String fields = help.substring(help.indexOf(begin) + begin.length()).split("\n\\s*\n", 2)[0];
    return Arrays.stream(fields.split("[^A-Za-z0-9]+")).collect(Collectors.toSet());
  }

  /// The fields of an answer; if it is one list alone, those of its parts as well.
  private static List<String> fields(Json answer) {
    var all = new ArrayList<String>();
    if (answer instanceof Json.Object(var members)) {
      all.addAll(members.keySet());
      if (members.size() == 1
          && members.values().iterator().next() instanceof Json.Array(var parts)) {
        parts.forEach(part -> all.addAll(fields(part)));
      }
    }
    return all;
  }
}
