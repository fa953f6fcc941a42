package org.openlockbox.postgres.copies;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Fingerprints of values, in which other texts are looked for: 64 bits of an HMAC-SHA-256 under a
/// key that is drawn for this sketch and never leaves it. No value is kept.
///
/// A value is found in a text that holds its words in their order, however they are written and
/// separated, or its digits; a longer one by six words in a row.
final class ValueSketch {
  private static final int WORDS = 6;
  private static final int MOST_RUNS = 20;
  private static final int LEAST_LETTERS = 5;
  private static final int TELLING_LETTERS = 8;
  private static final int PHONE_DIGITS = 9;
  private static final int STEM = 6;
  private static final int COMMON = -1;

  private static final Pattern SEPARATOR = Pattern.compile("[^\\p{L}\\p{N}]+");
  private static final Pattern ESCAPE = Pattern.compile("\\\\u([0-9a-fA-F]{4})");
  private static final Pattern PHONE = Pattern.compile("\\+?\\(?[0-9][0-9 ()./-]{5,22}[0-9]");
  private static final Pattern LEXEME = Pattern.compile("'((?:[^']|'')*)'");
  private static final Pattern DIGITS = Pattern.compile("[0-9 ]+");

  private final Mac mac;
  private final Map<Long, Map<Integer, Fingerprint>> marks = new HashMap<>();
  private final Map<Long, List<WordStems>> stems = new HashMap<>();
  private final Map<Integer, Set<Long>> known = new HashMap<>();

  /// A fingerprint of one value of one source. One that tells needs no second one to be a copy.
  private record Fingerprint(int source, int value, boolean telling) {}

  /// The stems of all words of one value.
  private record WordStems(int source, int value, List<Long> all) {}

  ValueSketch(SecureRandom random) {
    byte[] key = new byte[32];
    random.nextBytes(key);
    try {
      mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  /// Takes a value of a source in, if it is long enough to be told from others.
  void add(int source, String text) {
    List<String> words = words(text);
    String joined = String.join(" ", words);
    boolean number = DIGITS.matcher(joined).matches();
    if (joined.replace(" ", "").length() < LEAST_LETTERS) {
      return;
    }
    Set<Long> values = known.computeIfAbsent(source, _ -> new HashSet<>());
    int value = values.size();
    if (!values.add(print("value", joined))) {
      return;
    }
    boolean telling = words.size() > 1 && joined.length() >= TELLING_LETTERS && !number;
    if (words.size() <= WORDS) {
      mark(print("words", joined), new Fingerprint(source, value, telling));
    } else {
      runs(
          words,
          WORDS,
          MOST_RUNS,
          run -> mark(print("words", run), new Fingerprint(source, value, false)));
    }
    phones(
        text,
        digits -> mark(print("digits", digits), new Fingerprint(source, value, isPhone(digits))));
    if (words.size() > 1 && words.size() <= WORDS && !number) {
      List<Long> all = words.stream().map(this::stem).toList();
      stems
          .computeIfAbsent(all.getFirst(), _ -> new ArrayList<>())
          .add(new WordStems(source, value, all));
    }
  }

  /// How many different values of a source were taken in.
  int values(int source) {
    return known.getOrDefault(source, Set.of()).size();
  }

  /// What was found of the sources in one column.
  final class ColumnMatches {
    private final Map<Integer, BitSet> found = new TreeMap<>();
    private final Set<Integer> telling = new HashSet<>();

    /// Looks into one value of the column.
    void look(String text) {
      lookForWords(text);
      phones(text, digits -> hit(print("digits", digits)));
    }

    /// Looks into a list of lexemes with their places, as a `tsvector` is written.
    void lookAtLexemes(String text) {
      Set<Long> there = new HashSet<>();
      LEXEME
          .matcher(text)
          .results()
          .map(lexeme -> lexeme.group(1))
          .forEach(
              lexeme -> {
                look(lexeme);
                words(lexeme).forEach(word -> there.add(stem(word)));
              });
      for (long stem : there) {
        stems.getOrDefault(stem, List.of()).stream()
            .filter(words -> there.containsAll(words.all()))
            .forEach(words -> hit(new Fingerprint(words.source(), words.value(), false)));
      }
    }

    private void lookForWords(String text) {
      List<String> words = words(text);
      for (int length = 1; length <= Math.min(WORDS, words.size()); length++) {
        runs(words, length, Integer.MAX_VALUE, run -> hit(print("words", run)));
      }
    }

    private void hit(long print) {
      marks.getOrDefault(print, Map.of()).values().stream()
          .filter(mark -> mark.value() != COMMON)
          .forEach(this::hit);
    }

    private void hit(Fingerprint mark) {
      found.computeIfAbsent(mark.source(), _ -> new BitSet()).set(mark.value());
      if (mark.telling()) {
        telling.add(mark.source());
      }
    }

    /// The sources of which enough was found to call it copies, with how many of their values: one
    /// that tells, or three, or all there are.
    Map<Integer, Integer> copies() {
      Map<Integer, Integer> copies = new TreeMap<>();
      found.forEach(
          (source, values) -> {
            int count = values.cardinality();
            if (telling.contains(source) || count >= 3 || count == values(source)) {
              copies.put(source, count);
            }
          });
      return copies;
    }
  }

  ColumnMatches in() {
    return new ColumnMatches();
  }

  /// What two values of a source have in common says nothing about either.
  private void mark(long print, Fingerprint mark) {
    marks
        .computeIfAbsent(print, _ -> new HashMap<>(2))
        .merge(
            mark.source(),
            mark,
            (one, other) ->
                one.value() == other.value() ? one : new Fingerprint(one.source(), COMMON, false));
  }

  private static boolean isPhone(String digits) {
    return digits.length() >= PHONE_DIGITS;
  }

  private static void phones(String text, Consumer<String> each) {
    PHONE
        .matcher(text)
        .results()
        .map(found -> found.group().replaceAll("[^0-9]", ""))
        .filter(digits -> digits.length() >= 7)
        .map(digits -> digits.substring(Math.max(0, digits.length() - PHONE_DIGITS)))
        .forEach(each);
  }

  private static void runs(List<String> words, int length, int most, Consumer<String> each) {
    int last = Math.min(words.size() - length, most - 1);
    for (int from = 0; from <= last; from++) {
      each.accept(String.join(" ", words.subList(from, from + length)));
    }
  }

  /// Words in small letters, without what JSON makes of letters.
  private static List<String> words(String text) {
    String plain =
        ESCAPE
            .matcher(text)
            .replaceAll(
                escape ->
                    Matcher.quoteReplacement(
                        String.valueOf((char) Integer.parseInt(escape.group(1), 16))));
    String normal = Normalizer.normalize(plain, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    return SEPARATOR.splitAsStream(normal).filter(word -> !word.isEmpty()).toList();
  }

  private long stem(String word) {
    return print("stem", word.substring(0, Math.min(STEM, word.length())));
  }

  private long print(String kind, String text) {
    mac.update(kind.getBytes(UTF_8));
    mac.update((byte) 0);
    return ByteBuffer.wrap(mac.doFinal(text.getBytes(UTF_8))).getLong();
  }
}
