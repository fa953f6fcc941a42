package org.openlockbox.e2e.faults;

import java.util.List;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.e2e.harness.Answer;

/// What `lockbox doctor` says.
record DoctorsWords(List<Finding> findings) {
  /// One finding; the next step is empty where all is well.
  record Finding(String severity, String subject, String text, String next) {
    boolean isWell() {
      return severity.equals("ok");
    }
  }

  static DoctorsWords read(Answer answer) {
    return new DoctorsWords(
        Fields.of(CanonicalJson.parse(Bytes.ofUtf8(answer.out().strip())), answer.toString())
            .objects("findings")
            .stream()
            .map(
                it ->
                    new Finding(
                        it.text("severity"),
                        it.text("subject"),
                        it.text("text"),
                        it.optionalText("next").orElse("")))
            .toList());
  }

  Finding of(String subject) {
    return findings.stream()
        .filter(one -> one.subject().equals(subject))
        .findFirst()
        .orElseThrow(() -> new AssertionError("doctor says nothing of " + subject + ": " + this));
  }
}
