package org.openlockbox.e2e.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.conditions.ArchConditions.haveModifier;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.openlockbox.e2e.architecture.ArchitectureTest.ROOT;
import static org.openlockbox.e2e.architecture.ArchitectureTest.check;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Names, time, chance, proofs. Each rule was proved by a planted fault: `build/prove-guards.sh`
/// plants them all and expects every method here to fail.
@Tag("guard")
class HabitsTest {
  private static final String PERMIT = ROOT + "gateway.admission.Permit";
  private static final int MOST_FLAGS = 3;
  private static final String SERVER_LINK = ROOT + "postgres.login.ServerLink";

  /// CopyData is the PostgreSQL protocol's own word.
  @Test
  void noNameHidesWhatTheThingIs() {
    check(
        noClasses()
            .that()
            .doNotHaveFullyQualifiedName(ROOT + "postgres.wire.ClientMessage$CopyData")
            .should()
            .haveNameMatching(".*(Manager|Helper|Utils?|Impl|Service|Processor|Info|Data)(\\$.*)?")
            .because("a name that needs one of these words says nothing (GLOSSARY.md)"));
  }

  @Test
  void nobodyAsksTheMachineForTheTime() {
    check(
        noClasses()
            .should()
            .callMethodWhere(
                calls("now", Instant.class)
                    .or(calls("now", LocalDate.class))
                    .or(calls("now", LocalDateTime.class))
                    .or(calls("now", OffsetDateTime.class))
                    .or(calls("now", ZonedDateTime.class))
                    .or(calls("system.*", Clock.class))
                    .or(calls("currentTimeMillis", System.class)))
            .because(
                "a test must be able to set the clock; InstantSource comes in by constructor"));
  }

  /// Where a program is put together, and the fixtures that other modules' tests stand on.
  @Test
  void clockAndDiceAreMadeOnlyWhereAProgramIsPutTogether() {
    check(
        noClasses()
            .that(
                describe(
                    "put nothing together",
                    type ->
                        !type.getName()
                            .matches(
                                "org\\.openlockbox\\.(cli\\.(Main|Rehearsal)"
                                    + "|server\\.(Wiring|Maintenance)|gateway\\.LockboxGateway"
                                    + "|node\\.service\\.Node|spring\\.LockboxAutoConfiguration|demo\\.(Demo|Rehearse)Command"
                                    + "|core\\.testing\\.(TenantFixture|SshTestKey)|bench\\..*)")))
            .should()
            .callCodeUnitWhere(
                calls("<init>", SecureRandom.class)
                    .or(calls("<init>", Random.class))
                    .or(calls("system", InstantSource.class))
                    .or(calls("randomUUID", UUID.class))
                    .or(calls("random", Math.class)))
            .because("a test must be able to repeat the dice"));
  }

  @Test
  void everyClassIsClosed() {
    check(
        classes()
            .that(canBeExtendedByAnybody())
            .should(haveModifier(JavaModifier.FINAL))
            .because("an open class is an extension point that nobody designed"));
  }

  @Test
  void recordsHoldNoArrays() {
    check(
        fields()
            .that()
            .areDeclaredInClassesThat(describe("are records", JavaClass::isRecord))
            .and()
            .areNotStatic()
            .should(
                ArchCondition.from(
                    describe("hold no array", (JavaField field) -> !field.getRawType().isArray())))
            .because("an array inside can be changed, and compares by identity"));
  }

  /// Options of a command count as well.
  @Test
  void statesAreNotHiddenInFlags() {
    check(
        classes()
            .should(
                ArchCondition.from(
                    describe(
                        "have at most %d boolean fields that change".formatted(MOST_FLAGS),
                        (JavaClass type) ->
                            type.getFields().stream().filter(HabitsTest::isFlag).count()
                                <= MOST_FLAGS)))
            .because("four flags have sixteen combinations; name those that there are in an enum"));
  }

  private static boolean isFlag(JavaField field) {
    boolean changes = !field.getModifiers().contains(JavaModifier.FINAL);
    return (field.getRawType().isEquivalentTo(boolean.class) && changes)
        || field.getRawType().isEquivalentTo(AtomicBoolean.class);
  }

  @Test
  void onlyAdmissionMakesAPermit() {
    check(
        noClasses()
            .that()
            .doNotHaveFullyQualifiedName(ROOT + "gateway.admission.Admission")
            .should()
            .callCodeUnitWhere(calls("<init>", PERMIT))
            .because("a Permit is the proof that Admission said yes"));
  }

  @Test
  void onlyTheCheckOfAHistoryMakesAProvenGrant() {
    check(
        noClasses()
            .that()
            .doNotHaveFullyQualifiedName(ROOT + "core.history.HistoryCheck$Valid")
            .should()
            .callCodeUnitWhere(calls("<init>", ROOT + "core.history.ProvenGrant"))
            .because("a ProvenGrant is the proof that a quorum signed"));
  }

  @Test
  void onlyASessionMakesTheProofThatAnActionIsOnRecord() {
    check(
        noClasses()
            .that()
            .doNotHaveFullyQualifiedName(ROOT + "client.session.AccessSession")
            .should()
            .callCodeUnitWhere(calls("<init>", ROOT + "client.session.RecordedAction"))
            .because("an application releases nothing without one"));
  }

  @Test
  void noPermitNoDial() {
    check(
        noClasses()
            .that()
            .doNotHaveFullyQualifiedName(ROOT + "postgres.relay.Upstream")
            .and()
            .doNotHaveFullyQualifiedName(SERVER_LINK)
            .should()
            .callMethodWhere(calls("open|cancel", SERVER_LINK))
            .because("Upstream is the only way to a protected database"));
    check(
        methods()
            .that(describe("dial", HabitsTest::dials))
            .and()
            .areDeclaredIn(ROOT + "postgres.relay.Upstream")
            .should(ArchCondition.from(describe("take a Permit first", HabitsTest::takesPermit)))
            .because("who dials shows the proof"));
  }

  private static boolean dials(JavaMethod method) {
    return method.getMethodCallsFromSelf().stream()
        .anyMatch(call -> calls("open|cancel", SERVER_LINK).test(call));
  }

  private static boolean takesPermit(JavaMethod method) {
    var parameters = method.getRawParameterTypes();
    return !parameters.isEmpty() && parameters.getFirst().getName().equals(PERMIT);
  }

  private static DescribedPredicate<JavaCall<?>> calls(String method, Class<?> of) {
    return calls(method, of.getName());
  }

  private static DescribedPredicate<JavaCall<?>> calls(String method, String of) {
    return describe(
        of + "." + method,
        call -> call.getTargetOwner().getName().equals(of) && call.getName().matches(method));
  }

  private static DescribedPredicate<JavaClass> canBeExtendedByAnybody() {
    return describe(
        "are neither abstract, sealed nor anonymous",
        type ->
            !type.isInterface()
                && !type.isEnum()
                && !type.isRecord()
                && !type.isAnonymousClass()
                && !type.getModifiers().contains(JavaModifier.ABSTRACT)
                && !type.getModifiers().contains(JavaModifier.SYNTHETIC)
                && !type.getSimpleName().equals("package-info")
                && !type.getSimpleName().equals("module-info")
                && !type.reflect().isSealed());
  }
}
