package org.openlockbox.core.canonical;

import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Looks up an enum constant by the exact word that stands for it in JSON.
public final class EnumWords {
  private EnumWords() {}

  public static <E extends Enum<E>> E parse(
      E[] values, Function<E, String> word, String text, String of) {
    return Arrays.stream(values)
        .filter(value -> word.apply(value).equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "not a %s: \"%s\" (one of %s)"
                        .formatted(
                            of,
                            text,
                            Arrays.stream(values).map(word).collect(Collectors.joining(", ")))));
  }
}
