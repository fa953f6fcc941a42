package org.openlockbox.core.bundle;

import java.util.List;
import java.util.Optional;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.TextRules;
import org.openlockbox.core.policy.Conditions;
import org.openlockbox.tlog.tree.Hash;

/// What a verifier prints about one bundle: the same words and the same JSON in `lockbox verify`
/// and in `lockbox-verify.jar`.
///
/// `data` is for stdout, `talk` for stderr; both are harmless to a terminal.
public record Report(Verdict verdict, String data, List<String> talk) {
  public Report {
    talk = List.copyOf(talk);
  }

  /// What a verifier says in the end.
  public enum Verdict {
    VERIFIED,
    /// Something does not hold.
    BROKEN,
    /// Only a newer release can tell.
    NOT_CHECKED
  }

  /// How a report is written.
  public enum ReportFormat {
    TEXT,
    /// The text, with what was checked to tell it.
    EXPLAINED,
    JSON
  }

  /// Verifies the bundle; `name` is what the file is called.
  public static Report of(
      byte[] zip, Optional<Hash> pin, Conditions conditions, ReportFormat form, String name) {
    return switch (BundleCheck.verify(zip, pin, conditions)) {
      case BundleCheck.Valid(var story) ->
          new Report(
              Verdict.VERIFIED,
              data(story, form),
              List.of("verified: %s holds in every byte".formatted(TextRules.shown(name))));
      case BundleCheck.Invalid(var what, var where) ->
          new Report(
              Verdict.BROKEN,
              form == ReportFormat.JSON ? json(what, where, false) : "",
              List.of(
                  "NOT VERIFIED: " + TextRules.shown(where) + ": " + TextRules.shown(what),
                  "hint: believe nothing in this file; fetch it again, check the pin"));
      case BundleCheck.Newer(var what, var where) ->
          new Report(
              Verdict.NOT_CHECKED,
              form == ReportFormat.JSON ? json(what, where, true) : "",
              List.of(
                  "NOT CHECKED: " + TextRules.shown(where) + ": " + TextRules.shown(what),
                  "hint: believe nothing in this file before a newer release has checked it"));
    };
  }

  private static String data(Story story, ReportFormat form) {
    return switch (form) {
      case TEXT -> lines(story.told());
      case EXPLAINED ->
          lines(story.told()) + "\n" + lines(story.summed()) + "\n" + lines(story.explained());
      case JSON -> json(story);
    };
  }

  private static String lines(List<String> lines) {
    return String.join("\n", lines) + "\n";
  }

  private static String json(String what, String where, boolean newer) {
    return CanonicalJson.text(
            Json.object()
                .put("needsNewerRelease", newer)
                .put("verified", false)
                .put("what", TextRules.shown(what))
                .put("where", TextRules.shown(where))
                .build())
        + "\n";
  }

  private static String json(Story story) {
    var lines =
        story.lines().stream()
            .map(
                line ->
                    Json.object()
                        .put("time", line.time())
                        .put("who", line.who())
                        .put("what", line.what())
                        .put("provenBy", line.provenBy())
                        .build())
            .toList();
    return CanonicalJson.text(
            Json.object()
                .put("verified", true)
                .put("pinned", story.pinned())
                .put("tenant", story.tenant().value())
                .put("request", story.request().id().value())
                .put("state", story.state().word())
                .put("pin", story.pin())
                .put("logSize", story.logSize())
                .put("operations", story.operations())
                .put("unclosed", story.unclosed())
                .put("closing", story.closing().toJson())
                .put("story", lines)
                .build())
        + "\n";
  }
}
