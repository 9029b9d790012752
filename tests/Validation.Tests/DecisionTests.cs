namespace AuthzGraph.Validation.Tests;

public sealed class DecisionTests
{
    private const string Lending = """
        schema: |
          use expiration
          use delegation
          definition user {
            principal human
            relation suspended_by: user
          }
          definition agent {
            principal agent
            relation sponsor: user
          }
          definition grant {
            delegation
            relation delegator: user | agent
            relation delegate: agent with expiration
            relation parent: grant
            relation revoked_by: user
            relation view: document
          }
          definition document {
            relation owner: user
            permission view = owner
            delegable view
          }
        relationships: |
          agent:bot#sponsor@user:ann
          agent:sub#sponsor@user:ann
          document:readme#owner@user:ann
          grant:g1#delegator@user:ann
          grant:g1#delegate@agent:bot[from:2026-11-20T10:00:00Z][expiration:2026-11-20T11:00:00Z]
          grant:g1#view@document:readme
          grant:g2#delegator@agent:bot
          grant:g2#delegate@agent:sub[from:2026-11-20T10:00:00Z][expiration:2026-11-20T10:30:00Z]
          grant:g2#parent@grant:g1
          grant:g2#view@document:readme
        at: 2026-11-20T10:10:00Z

        """;

    [Fact]
    public async Task A_decision_names_who_what_acting_when_and_the_outcome()
    {
        ValidationReport report = await Reports.RunAsync(Lending + """
            decisions:
              - check: document:readme#view@agent:sub
                acting: { delegation: grant:g2 }
                expect: PERMITTED
                validUntil: 2026-11-20T10:30:00Z
              - check: document:readme#view@agent:sub
                acting: { onBehalfOf: user:ann }
                at: 2026-11-20T10:30:00Z
                expect: EXPIRED
                hop: 2
                object: grant:g2
            """);
        Assert.Equal((2, 0, ""), (report.Passed, report.Failed, Reports.Failures(report)));
    }

    [Fact]
    public async Task A_decision_that_comes_out_otherwise_shows_the_fact_it_rests_on_and_the_chain()
    {
        ValidationReport report = await Reports.RunAsync(Lending + """
            decisions:
              - name: still good
                given: grant:g1#revoked_by@user:ann
                check: document:readme#view@agent:sub
                acting: { delegation: grant:g2 }
                expect: PERMITTED
            """);
        Assert.Equal("""
            test.yaml:40:12: still good: expected PERMITTED, got REVOKED at hop 1 about grant:g1
                document:readme#view@agent:sub by grant:g2 at 2026-11-20T10:10:00Z
                because of grant:g1#revoked_by@user:ann
                hop 1: grant:g1 user:ann → agent:bot, 2026-11-20T10:00:00Z to 2026-11-20T11:00:00Z: REVOKED
                hop 2: grant:g2 agent:bot → agent:sub, 2026-11-20T10:00:00Z to 2026-11-20T10:30:00Z: not reached
            """, Reports.Failures(report));
    }

    [Theory]
    [InlineData("expect: EXPIRED")]
    [InlineData("expect: DENIED")]
    [InlineData("expect: REJECTED")]
    [InlineData("{ expect: PERMITTED, validUntil: 2026-11-20T10:30:00.000001Z }")]
    [InlineData("{ expect: PERMITTED, hop: 1 }")]
    [InlineData("{ expect: PERMITTED, object: grant:g2 }")]
    public async Task Every_part_of_an_expectation_counts(string expectation)
    {
        string parts = expectation.Trim('{', '}', ' ');
        ValidationReport report = await Reports.RunAsync(
            $"{Lending}decisions:\n  - {{ check: 'document:readme#view@agent:sub', acting: {{ delegation: grant:g2 }}, {parts} }}");
        Assert.Equal((0, 1), (report.Passed, report.Failed));
        Assert.Single(report.Results);
    }

    [Fact]
    public async Task What_is_given_for_one_decision_is_not_there_for_the_next()
    {
        ValidationReport report = await Reports.RunAsync(Lending + """
            decisions:
              - { given: [ "grant:g2#revoked_by@user:ann" ], check: "document:readme#view@agent:sub", acting: { delegation: grant:g2 }, expect: REVOKED }
              - { check: "document:readme#view@agent:sub", acting: { delegation: grant:g2 }, expect: PERMITTED }
              - { without: "agent:sub#sponsor@user:ann", check: "document:readme#view@agent:sub", acting: { delegation: grant:g2 }, expect: SPONSOR_MISSING }
              - { given: "grant:g2#delegate@agent:sub[from:2026-11-20T10:00:00Z][expiration:2026-11-20T10:05:00Z]", check: "document:readme#view@agent:sub", acting: { delegation: grant:g2 }, expect: EXPIRED }
            """);
        Assert.Equal("", Reports.Failures(report));
    }

    [Fact]
    public async Task Leaving_out_what_is_not_there_fails_the_test()
    {
        ValidationReport report = await Reports.RunAsync(Lending + """
            decisions:
              - { without: "agent:sub#sponsor@user:bob", check: "document:readme#view@user:bob", expect: DENIED }
            """);
        Assert.Contains("`agent:sub#sponsor@user:bob` is not among the file's relationships", Reports.Failures(report));
    }

    [Fact]
    public async Task A_refusal_can_be_what_is_expected()
    {
        ValidationReport report = await Reports.RunAsync(Lending + """
            decisions:
              - { given: "grant:g2#parent@grant:g3", check: "document:readme#view@agent:sub", expect: REJECTED, reason: AUTHORITY_RULE }
              - { check: "document:readme#view@agent:sub", acting: { delegation: document:readme }, expect: REJECTED, reason: ACTING_TYPE }
              - { check: "document:readme#view@agent:sub", acting: { delegation: document:readme }, expect: REJECTED, reason: OTHER }
            """);
        Assert.Equal((2, 1), (report.Passed, report.Failed));
    }
}
