package org.openlockbox.portal.edge;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.server.identity.People;
import org.openlockbox.server.identity.Person;

/// What the people are called whom a reader may know by name: those of the reader's own side, and
/// the provider's. The provider reads ids of a customer's people, no names.
public final class PersonNames {
  static final PersonNames NONE = new PersonNames(Map.of());

  private final Map<String, String> names;

  private PersonNames(Map<String, String> names) {
    this.names = Map.copyOf(names);
  }

  /// For this reader. A name of the reader's own side goes before one of the provider's.
  static PersonNames of(People people, Person reader) {
    var own =
        reader.tenant().isPresent() ? people.of(reader.tenant()) : Stream.<Person>of().toList();
    return new PersonNames(
        Stream.concat(own.stream(), people.of(Optional.empty()).stream())
            .collect(
                Collectors.toMap(
                    person -> person.subject().value(), Person::name, (first, _) -> first)));
  }

  /// `Ann Ames (acme-ann)`; the id alone where no name is known, or where it is the name.
  public String of(String id) {
    var name = names.getOrDefault(id, id);
    return name.equals(id) ? id : "%s (%s)".formatted(name, id);
  }

  /// The name alone; the id where none is known.
  public String alone(SubjectId id) {
    return names.getOrDefault(id.value(), id.value());
  }

  public String of(SubjectId id) {
    return of(id.value());
  }
}
