package org.openlockbox.postgres.propose;

import java.util.List;

/// What the draft could not decide: what it is about, one sentence, and the lines of the catalogue
/// that would answer it, if there are any. `settles` are the other subjects that wait for it.
record OpenQuestion(String subject, String sentence, List<String> answers, List<String> settles) {
  OpenQuestion {
    answers = List.copyOf(answers);
    settles = List.copyOf(settles);
  }

  OpenQuestion(String subject, String sentence, List<String> answers) {
    this(subject, sentence, answers, List.of());
  }

  /// The same without the options of `propose` among its answers.
  OpenQuestion withoutOptions() {
    return new OpenQuestion(
        subject, sentence, answers.stream().filter(answer -> !isOption(answer)).toList(), settles);
  }

  static boolean isOption(String answer) {
    return answer.startsWith("--link ");
  }

  /// The same for more subjects.
  OpenQuestion settling(List<String> subjects) {
    return subjects.isEmpty()
        ? this
        : new OpenQuestion(
            subject,
            "%s With it, %s %s a place as well: %s."
                .formatted(
                    sentence,
                    subjects.size() == 1 ? "one table" : subjects.size() + " tables",
                    subjects.size() == 1 ? "has" : "have",
                    String.join(", ", subjects)),
            answers,
            subjects);
  }

  OpenQuestion(String subject, String sentence) {
    this(subject, sentence, List.of(), List.of());
  }
}
