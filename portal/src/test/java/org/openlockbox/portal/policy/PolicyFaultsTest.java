package org.openlockbox.portal.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;
import org.openlockbox.portal.TestBrowser.Page;

/// The form of a policy, sent with something missing or wrong: it comes back with everything that
/// was typed, and what is wrong stands beside its field.
final class PolicyFaultsTest {
  private static final PortalFixture PORTAL = new PortalFixture();
  private static final TestBrowser ANN = PORTAL.browser().as("ann@acme.example");

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  /// A policy without a fault, with one of everything.
  private static Map<String, String> whole() {
    var fields = new TreeMap<String, String>();
    fields.put("base", ANN.get("/policy/edit").field("base"));
    fields.put("mode", "");
    fields.put("rules[0].id", "tickets");
    fields.put("rules[0].says", "Our own tickets.");
    fields.put("rules[0].effect", "ask");
    fields.put("rules[0].ask.approvers", "legal");
    fields.put("rules[0].match.requester.countries", "DE");
    fields.put("groups[0].name", "legal");
    fields.put("groups[0].people", "acme-bob");
    fields.put("escalation.after", "2 h");
    fields.put("escalation.group", "legal");
    fields.put("absences[0].of", "acme-ann");
    fields.put("absences[0].standIn", "acme-bob");
    fields.put("absences[0].notBefore", "2026-12-21T00:00");
    fields.put("absences[0].notAfter", "2027-01-04T00:00");
    fields.put("do", "look");
    return fields;
  }

  @Test
  void withoutAFaultItIsLookedAt() {
    var look = ANN.post("/policy/edit", whole());
    assertThat(look.status()).as(look.toString()).isEqualTo(200);
    assertThat(look.text()).contains("Germany");
  }

  @ParameterizedTest
  @CsvSource({
    "rules[0].id, '', Fill in this field",
    "rules[0].id, Our Tickets, Use lower-case letters",
    "rules[0].ask.approvers, lawyers, There is no group with this name",
    "rules[0].ask.quorum, many, Enter a whole number",
    "rules[0].match.duration.atMost, soon, Enter a length of time",
    "rules[0].match.hours, always, Enter days",
    "rules[0].ask.atLeast, security, Enter a group and a number",
    "groups[0].people, '', Choose who belongs to the group",
    "rules[0].match.requester.countries, 'Germany, Atlantis', This is no country",
    "groups[0].name, '', Fill in this field",
    "groups[0].name, Legal, Use lower-case letters",
    "groups[1].name, legal, Another one has this name already",
    "escalation.after, '', Fill in this field",
    "escalation.after, soon, Enter a length of time",
    "escalation.group, '', Fill in this field",
    "escalation.group, nobody, There is no group with this name",
    "absences[0].of, '', Fill in this field",
    "absences[0].standIn, '', Fill in this field",
    "absences[0].standIn, acme-ann, Choose somebody else",
    "absences[0].notBefore, '', Fill in this field",
    "absences[0].notAfter, '', Fill in this field",
  })
  void theFormComesBackWithWhatIsWrongBesideItsField(String field, String typed, String fault) {
    var fields = whole();
    fields.put(field, typed);
    var answer = ANN.post("/policy/edit", fields);
    assertThat(answer.status()).as(answer.toString()).isEqualTo(422);
    var page = answer.text();
    assertThat(page)
        .contains("href=\"#" + field + "\"", "id=\"" + field + "\"", "id=\"" + field + "-fault\"")
        .contains("aria-describedby=\"" + field + "-fault\"")
        .contains(fault.isEmpty() ? field + "-fault" : fault)
        .doesNotContainPattern(">(?:Rule|Group|Absence) \\d+</a>: ");
    fields.remove(field);
    fields.remove("do");
    fields.remove("rules[0].match.requester.countries");
    fields.forEach((name, value) -> stands(page, name, value));
  }

  private static void stands(Page page, String name, String value) {
    stands(page.text(), name, value);
  }

  private static void stands(String page, String name, String value) {
    var shown = Pattern.quote(value);
    var as = "(?s)name=\"" + Pattern.quote(name) + "\"";
    assertThat(
            Pattern.compile(as + "[^>]* value=\"" + shown + "\"").matcher(page).find()
                || Pattern.compile(as + "(?:(?!</select>).)*value=\"" + shown + "\" selected")
                    .matcher(page)
                    .find())
        .as(name + " is " + value)
        .isTrue();
  }

  @Test
  void aPageThatSaysNothingIsTheFormAgain() {
    for (var action : new String[] {"", "look", "propose", "text", "form", "add"}) {
      var answer = ANN.post("/policy/edit", Map.of("do", action));
      assertThat(answer.status()).as(action).isEqualTo(422);
      assertThat(answer.text())
          .contains("name=\"base\"", "name=\"mode\"", "did not say which policy it began with");
    }
    var based = Map.of("base", ANN.get("/policy/edit").field("base"), "do", "propose");
    var answer = ANN.post("/policy/edit", based);
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.text()).contains("href=\"#mode\"", "Choose a default for all requests");
  }

  /// Each country that a rule names is a field of its own.
  @Test
  void theFormWithMostRulesAndCountriesIsRead() {
    var fields = new StringBuilder("do=look&mode=rules&rules%5B0%5D.id=tickets");
    for (int rule = 0; rule < 30; rule++) {
      for (int country = 0; country < 200; country++) {
        fields.append("&rules%5B").append(rule).append("%5D.match.requester.countries=DE");
      }
    }
    var answer = ANN.postRaw("/policy/edit", fields.toString());
    assertThat(answer.status()).isEqualTo(422);
    stands(answer, "rules[0].id", "tickets");
  }

  @Test
  void whatWasTypedStaysWhereThePageDidNotSayWhichPolicyItBeganWith() {
    var fields = whole();
    fields.remove("base");
    fields.put("do", "propose");
    var answer = ANN.post("/policy/edit", fields);
    assertThat(answer.status()).isEqualTo(422);
    stands(answer, "rules[0].id", "tickets");
    stands(answer, "escalation.after", "2 h");
    var text = ANN.post("/policy/edit", Map.of("text", "mode: notify-only", "do", "propose"));
    assertThat(text.status()).isEqualTo(422);
    assertThat(text.text())
        .contains("mode: notify-only", "did not say which policy it began with")
        .doesNotContain("Line 0");
  }

  @Test
  void anEmptyTextIsTheTextAgain() {
    var base = ANN.get("/policy/edit?as=text").field("base");
    var answer = ANN.post("/policy/edit", Map.of("base", base, "text", "", "do", "propose"));
    assertThat(answer.status()).as(answer.toString()).isEqualTo(422);
    assertThat(answer.text()).contains("<textarea name=\"text\"");
  }

  /// The policy keeps codes; people read and type names, in either language.
  @Test
  void countriesAreTypedAndReadAsWords() {
    var fields = whole();
    fields.put("rules[0].match.requester.countries", "DE, france, Österreich, XK");
    fields.put("do", "up 0");
    var form = ANN.post("/policy/edit", fields).text();
    for (var country : new String[] {"DE\" checked>Germany", "FR\" checked>France"}) {
      assertThat(form).contains("match.requester.countries\" value=\"" + country);
    }
    assertThat(form)
        .contains("value=\"AT\" checked>Austria", "value=\"XK\" checked>", "<option>Portugal<");
    fields.put("do", "text");
    assertThat(ANN.post("/policy/edit", fields).text())
        .containsPattern("countries:[\\s\\S]*DE[\\s\\S]*FR[\\s\\S]*AT[\\s\\S]*XK");
    fields.put("rules[0].match.requester.countries", "Deutschland, Atlantis");
    fields.put("do", "look");
    var german = PORTAL.browser().reads("de").as("bob@acme.example");
    var wrong = german.post("/policy/edit", fields);
    assertThat(wrong.status()).isEqualTo(422);
    assertThat(wrong.text())
        .contains("value=\"DE\" checked>Deutschland", "value=\"Atlantis\"", "<option>Österreich<")
        .contains("Das ist kein Land");
  }
}
