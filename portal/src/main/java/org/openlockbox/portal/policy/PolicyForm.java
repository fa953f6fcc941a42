package org.openlockbox.portal.policy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.DurationText;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.policy.GroupId;
import org.openlockbox.core.policy.Policy;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.portal.wording.RuleSentence;

/// A policy as the fields of a form. Each field is named by the path of the member that it is for,
/// so that form and YAML are two spellings of one thing and a fault of the one has its place in the
/// other. What was written stays as it is, right or wrong, until it is read as a policy; what no
/// field shows is kept in a hidden one.
public record PolicyForm(
    FormPart top, List<FormPart> rules, List<FormPart> groups, List<FormPart> absences) {
  /// Holds what no field shows.
  static final String KEPT = "ticketKeys";

  private static final Pattern ENTRY =
      Pattern.compile("(rules|groups|absences)\\[(\\d{1,4})]\\.(\\S{1,60})");

  public PolicyForm {
    rules = List.copyOf(rules);
    groups = List.copyOf(groups);
    absences = List.copyOf(absences);
  }

  static PolicyForm of(Policy policy) {
    var json = policy.toJson().members();
    var top = new TreeMap<String, String>();
    policy.mode().ifPresent(mode -> top.put("mode", mode.word()));
    policy
        .escalation()
        .ifPresent(
            step -> {
              top.put("escalation.after", DurationText.brief(step.after()));
              top.put("escalation.group", step.group().value());
            });
    if (json.containsKey(KEPT)) {
      top.put(KEPT, CanonicalJson.text(json.get(KEPT)));
    }
    var groups = new ArrayList<FormPart>();
    policy
        .groups()
        .forEach(
            (id, people) ->
                groups.add(
                    new FormPart(
                        Map.of(
                            "name",
                            id.value(),
                            "people",
                            FormPart.joined(people.stream().map(one -> one.value()).toList())))));
    return new PolicyForm(
        new FormPart(top), parts(json.get("rules")), groups, parts(json.get("absences")));
  }

  private static List<FormPart> parts(@Nullable Json list) {
    return list instanceof Json.Array(var items)
        ? items.stream().map(FormPart::of).toList()
        : List.of();
  }

  /// What a browser sent. Of fields that may be ticked each tick is one value.
  static PolicyForm read(Map<String, List<String>> sent) {
    var top = new TreeMap<String, String>();
    var lists = new TreeMap<String, TreeMap<Integer, TreeMap<String, String>>>();
    sent.forEach(
        (name, values) -> {
          var value = FormPart.joined(values).replace("\r\n", "\n");
          var entry = ENTRY.matcher(name);
          if (entry.matches()) {
            lists
                .computeIfAbsent(entry.group(1), _ -> new TreeMap<>())
                .computeIfAbsent(Integer.valueOf(entry.group(2)), _ -> new TreeMap<>())
                .put(entry.group(3), value);
          } else {
            top.put(name, value);
          }
        });
    return new PolicyForm(
        new FormPart(top),
        sent(lists, "rules"),
        written(sent(lists, "groups")),
        written(sent(lists, "absences")));
  }

  private static List<FormPart> sent(
      Map<String, TreeMap<Integer, TreeMap<String, String>>> lists, String name) {
    return lists.getOrDefault(name, new TreeMap<>()).values().stream().map(FormPart::new).toList();
  }

  /// The last of these is always empty, for one more.
  private static List<FormPart> written(List<FormPart> parts) {
    return parts.stream().filter(part -> !part.isBlank()).toList();
  }

  /// The fields that cannot be read, each with the message about it, in the order of the page. A
  /// word for all requests beside rules is one: neither may be dropped without a word.
  Map<String, String> unreadable() {
    var faults = new LinkedHashMap<String, String>();
    if (!top.value("mode").isBlank() && !rules.isEmpty()) {
      faults.put("mode", "policy.fault.mode");
    }
    if (!top.fields().containsKey("mode") && rules.isEmpty()) {
      faults.put("mode", "policy.fault.nothing");
    }
    for (int i = 0; i < rules.size(); i++) {
      var part = "rules[%d].".formatted(i);
      rules.get(i).unreadable().forEach((path, says) -> faults.put(part + path, says));
      unknown(rules.get(i).value("ask.approvers"), part + "ask.approvers", faults);
    }
    twice("rules", "id", rules, faults);
    for (int i = 0; i < groups.size(); i++) {
      var path = "groups[%d].name".formatted(i);
      FormPart.name(groups.get(i).value("name"), GroupId::new)
          .ifPresent(fault -> faults.put(path, fault));
      if (groups.get(i).value("people").isBlank()) {
        faults.put("groups[%d].people".formatted(i), "policy.fault.people");
      }
    }
    twice("groups", "name", groups, faults);
    escalation(faults);
    for (int i = 0; i < absences.size(); i++) {
      var part = "absences[%d].".formatted(i);
      absences.get(i).unreadableAbsence().forEach((path, says) -> faults.put(part + path, says));
    }
    return faults;
  }

  private void escalation(Map<String, String> faults) {
    var after = top.value("escalation.after");
    var group = top.value("escalation.group");
    if (after.isBlank() != group.isBlank()) {
      faults.put(after.isBlank() ? "escalation.after" : "escalation.group", "policy.fault.missing");
    }
    if (!after.isBlank() && DurationText.parse(after).isEmpty()) {
      faults.put("escalation.after", "policy.fault.duration");
    }
    unknown(group, "escalation.group", faults);
  }

  /// A group that nobody is in is no group.
  private void unknown(String group, String path, Map<String, String> faults) {
    if (!group.isBlank() && groups.stream().noneMatch(one -> one.is("name", group.strip()))) {
      faults.putIfAbsent(path, "policy.fault.group");
    }
  }

  /// A name that an earlier part of the list has already.
  private static void twice(
      String list, String field, List<FormPart> parts, Map<String, String> faults) {
    var names = new HashSet<String>();
    for (int i = 0; i < parts.size(); i++) {
      if (!names.add(parts.get(i).value(field).strip())) {
        faults.putIfAbsent("%s[%d].%s".formatted(list, i, field), "policy.fault.twice");
      }
    }
  }

  /// The members of the policy, as they are written here; throws [MalformedJson].
  Json.Object json() {
    var json = Json.object();
    if (top.value("mode").isBlank()) {
      json.put("rules", rules.stream().map(FormPart::rule).toList());
    } else {
      json.put("mode", top.value("mode"));
    }
    if (!groups.isEmpty()) {
      json.put("groups", groupsJson());
    }
    if (!top.value("escalation.after").isBlank() || !top.value("escalation.group").isBlank()) {
      json.put(
          "escalation",
          Json.object()
              .put("after", FormPart.duration(top.value("escalation.after")))
              .put("group", top.value("escalation.group").strip())
              .build());
    }
    if (!absences.isEmpty()) {
      json.put("absences", absences.stream().map(FormPart::absence).toList());
    }
    if (!top.value(KEPT).isBlank()) {
      json.put(KEPT, Json.read(top.value(KEPT).getBytes(StandardCharsets.UTF_8)));
    }
    return json.build();
  }

  private Json groupsJson() {
    var named = new TreeMap<String, Json>();
    for (var group : groups) {
      var name = group.value("name").strip();
      if (named.put(name, group.list("people")) != null) {
        throw new MalformedJson("the group %s is there twice".formatted(name));
      }
    }
    return new Json.Object(named);
  }

  /// What the conditions of each rule say as it stands; empty where it cannot be read yet.
  List<String> sentences(PageContext frame) {
    return rules.stream().map(rule -> sentence(frame, rule)).toList();
  }

  private static String sentence(PageContext frame, FormPart rule) {
    try {
      var alone = Json.object().put("rules", List.of(rule.rule())).build();
      var read = Policy.parse(alone).ownRules();
      return rule.unreadable().isEmpty() ? new RuleSentence(frame).of(read.getFirst()) : "";
    } catch (MalformedJson e) {
      return "";
    }
  }

  /// With one more rule, for somebody to fill in. Whoever adds one wants rules of their own.
  PolicyForm withRule(RuleTemplate template) {
    var more = new ArrayList<>(rules);
    var fields = new TreeMap<>(template.fields());
    fields.put("id", unusedId());
    more.add(new FormPart(fields));
    var own = new TreeMap<>(top.fields());
    own.put("mode", "");
    return new PolicyForm(new FormPart(own), more, groups, absences);
  }

  private String unusedId() {
    return IntStream.iterate(rules.size() + 1, n -> n + 1)
        .mapToObj("rule-%d"::formatted)
        .filter(id -> rules.stream().noneMatch(rule -> rule.is("id", id)))
        .findFirst()
        .orElseThrow();
  }

  PolicyForm withoutRule(int at) {
    var fewer = new ArrayList<>(rules);
    if (at >= 0 && at < fewer.size()) {
      fewer.remove(at);
    }
    return with(fewer);
  }

  /// With this rule one place earlier.
  PolicyForm withRuleUp(int at) {
    var moved = new ArrayList<>(rules);
    if (at > 0 && at < moved.size()) {
      moved.add(at - 1, moved.remove(at));
    }
    return with(moved);
  }

  private PolicyForm with(List<FormPart> other) {
    return new PolicyForm(top, other, groups, absences);
  }
}
