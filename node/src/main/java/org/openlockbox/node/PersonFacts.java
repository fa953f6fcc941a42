package org.openlockbox.node;

import java.util.Optional;
import org.openlockbox.core.subject.Engineer.EngineerKind;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.server.identity.ProviderDirectory;
import picocli.CommandLine.Option;

/// The flags that write down what the provider says of one of its own people.
final class PersonFacts {
  @Option(
      names = "--country",
      paramLabel = "CC",
      description = "Where they work: two capital letters.")
  private Optional<String> country = Optional.empty();

  @Option(names = "--employer", paramLabel = "NAME", description = "Who employs them.")
  private Optional<String> employer = Optional.empty();

  @Option(names = "--kind", paramLabel = "KIND", description = "human or agent.")
  private Optional<String> kind = Optional.empty();

  @Option(
      names = "--responsible",
      paramLabel = "ID",
      description = "Who of the provider answers for the agent.")
  private Optional<String> responsible = Optional.empty();

  ProviderDirectory.DirectoryChange change() {
    return change(Optional.empty());
  }

  ProviderDirectory.DirectoryChange change(Optional<String> name) {
    return new ProviderDirectory.DirectoryChange(
        name, country, employer, kind.map(EngineerKind::parse), responsible.map(SubjectId::new));
  }
}
