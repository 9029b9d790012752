namespace AuthzGraph.Validation.Tests;

public sealed class CaveatTests
{
    private const string Office = """
        schema: |
          caveat on_day(day string, days list<string>) {
            day in days
          }
          caveat small(amount int, limit int) {
            amount <= limit
          }
          definition user {}
          definition folder {
            relation owner: user; permission own = owner
          }
          definition document {
            relation folder: folder | folder with small
            relation viewer: user with on_day | user:* with small | user
            relation banned: user with on_day
            permission view = viewer - banned
            permission inherit = folder->own
          }
        at: 2026-11-20T10:00:00Z
        relationships: |
          document:d#viewer@user:ann[on_day:{"days":["friday","monday"]}]
          document:d#viewer@user:bob
          document:d#banned@user:bob[on_day:{"days":["sunday"]}]
          document:e#viewer@user:*[small:{"limit":5}]
          document:f#viewer@user:*[small:{"limit":5,"amount":4}]
          document:f#banned@user:ann[on_day:{"days":["friday"]}]
          document:f#banned@user:bob[on_day:{"days":["friday"],"day":"friday"}]
          document:f#banned@user:cid[on_day:{"days":["friday"],"day":"monday"}]
          document:d#folder@folder:x[small:{"limit":5}]
          folder:x#owner@user:eve

        """;

    [Fact]
    public async Task A_question_brings_its_context()
    {
        ValidationReport report = await Reports.RunAsync(Office + """
            assertions:
              assertTrue:
                - 'document:d#view@user:ann with {"day": "friday"}'
                - 'document:d#view@user:bob with {"day": "friday"}'
                - 'document:d#inherit@user:eve with {"amount": 5}'
              assertFalse:
                - 'document:d#view@user:ann with {"day": "sunday"}'
                - 'document:d#view@user:bob with {"day": "sunday"}'
                - 'document:d#view@user:eve'
              assertCaveated:
                - document:d#view@user:ann
                - 'document:d#view@user:bob with {"amount": 4}'
                - document:e#view@user:eve
            """);
        Assert.Equal((9, 0, ""), (report.Passed, report.Failed, Reports.Failures(report)));
    }

    [Fact]
    public async Task What_is_missing_is_said()
    {
        ValidationReport report = await Reports.RunAsync(Office + """
            assertions:
              assertTrue: [ "document:d#view@user:ann" ]
            decisions:
              - { check: "document:d#view@user:ann", context: { amount: 4 }, expect: CONDITIONAL, missing: [ days ] }
            """);
        Assert.Equal("""
            test.yaml:32:18: document:d#view@user:ann: expected PERMITTED, got CONDITIONAL on day
                document:d#view@user:ann at 2026-11-20T10:00:00Z
            test.yaml:34:15: document:d#view@user:ann: expected CONDITIONAL on days, got CONDITIONAL on day
                document:d#view@user:ann with {"amount":4} at 2026-11-20T10:00:00Z
            """, Reports.Failures(report));
    }

    [Fact]
    public async Task A_decision_s_context_is_a_mapping_or_JSON()
    {
        ValidationReport report = await Reports.RunAsync(Office + """
            decisions:
              - check: document:d#view@user:ann
                context: { day: friday }
                expect: PERMITTED
              - check: document:d#view@user:ann
                context: '{"day": "sunday"}'
                expect: NO_PERMISSION
              - check: document:e#view@user:ann
                context:
                  amount: 5
                  ignored: [ 1.5, true, null, "5", { deep: down } ]
                expect: PERMITTED
              - check: document:e#view@user:ann
                expect: CONDITIONAL
                missing: [ amount ]
              - check: document:e#view@user:ann
                context: { amount: [ five ] }
                expect: REJECTED
                reason: INVALID_CONTEXT
            """);
        Assert.Equal((5, 0, ""), (report.Passed, report.Failed, Reports.Failures(report)));
    }

    [Theory]
    [InlineData("assertions: { assertTrue: [ 'document:d#view@user:ann with day=friday' ] }", "`day=friday` is not a context")]
    [InlineData("assertions: { assertTrue: [ 'document:d#view@user:ann with [1]' ] }", "`[1]` is not a context")]
    [InlineData("decisions: [ { check: 'document:d#view@user:ann', context: [1], expect: DENIED } ]", "`context` is neither a mapping nor JSON")]
    public async Task A_context_that_is_no_object_is_a_mistake_in_the_file(string test, string message)
    {
        ValidationReport report = await Reports.RunAsync(Office + test);
        Assert.Equal((false, message), (report.IsReadable, Assert.Single(report.Diagnostics).Message));
    }

    [Fact]
    public async Task Subjects_that_depend_on_the_context_are_listed_so()
    {
        ValidationReport report = await Reports.RunAsync(Office + """
            validation:
              document:d#view:
                - "[user:ann[...]] is <document:d#viewer>"
                - "[user:bob[...]] is <document:d#viewer>"
              document:e#view:
                - "[user:*[...]] is <document:e#viewer>"
              document:f#view:
                - "[user:* - {user:ann[...], user:bob}] is <document:f#viewer>"
              document:d#inherit:
                - "[user:eve[...]] is <folder:x#owner>"
            """);
        Assert.Equal("", Reports.Failures(report));
        Assert.Equal(4, report.Passed);
    }

    [Fact]
    public async Task A_condition_that_is_not_listed_is_a_difference()
    {
        ValidationReport report = await Reports.RunAsync(Office + """
            validation:
              document:d#viewer:
                - "[user:ann] is <document:d#viewer>"
                - "[user:bob[...]] is <document:d#viewer>"
            """);
        Assert.Equal("""
            test.yaml:32:3: document:d#viewer: expected 2 subjects, got 2 differ
                listed [user:ann] is <document:d#viewer>, found [user:ann[...]] is <document:d#viewer>
                listed [user:bob[...]] is <document:d#viewer>, found [user:bob] is <document:d#viewer>
            """, Reports.Failures(report));
    }
}
