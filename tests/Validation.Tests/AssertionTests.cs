namespace AuthzGraph.Validation.Tests;

public sealed class AssertionTests
{
    private const string Sharing = """
        schema: |
          use expiration
          definition user {}
          definition group {
            relation member: user | group#member
          }
          definition document {
            relation viewer: user | user with expiration | user:* | group#member
            relation banned: user
            permission view = viewer - banned
          }

        """;

    [Fact]
    public async Task What_is_asserted_and_true_passes()
    {
        ValidationReport report = await Reports.RunAsync(Sharing + """
            relationships: |
              // the only reader

              document:readme#viewer@user:ann
            assertions:
              assertTrue: [ "document:readme#view@user:ann" ]
              assertFalse: [ "document:readme#view@user:bob" ]
            """);
        Assert.Equal((2, 0), (report.Passed, report.Failed));
    }

    [Fact]
    public async Task A_failed_assertion_says_what_came_out_where_and_why()
    {
        ValidationReport report = await Reports.RunAsync(Sharing + """
            relationships: document:readme#viewer@user:ann
            at: 2026-11-20T10:00:00Z
            assertions:
              assertTrue:
                - "document:readme#view@user:bob"
              assertFalse:
                - document:readme#view@user:ann
            """);
        Assert.Equal("""
            test.yaml:16:8: document:readme#view@user:bob: expected PERMITTED, got NO_PERMISSION about document:readme
                document:readme#view@user:bob at 2026-11-20T10:00:00Z
            test.yaml:18:7: document:readme#view@user:ann: expected DENIED, got PERMITTED
                document:readme#view@user:ann at 2026-11-20T10:00:00Z
                proof: document:readme#viewer@user:ann
            """, Reports.Failures(report));
    }

    [Fact]
    public async Task Relationships_that_have_ended_may_be_written_and_hold_until_their_end()
    {
        ValidationReport report = await Reports.RunAsync(Sharing + """
            relationships: |
              document:readme#viewer@user:ann[expiration:2023-12-01T00:00:00Z]
            assertions:
              assertFalse: [ "document:readme#view@user:ann" ]
            decisions:
              - { check: "document:readme#view@user:ann", at: 2023-11-30T23:59:59.999999Z, expect: PERMITTED, validUntil: 2023-12-01T00:00:00Z }
              - { check: "document:readme#view@user:ann", at: 2023-12-01T00:00:00Z, expect: NO_PERMISSION, validUntil: never }
            """);
        Assert.Equal((3, 0, ""), (report.Passed, report.Failed, Reports.Failures(report)));
    }

    [Fact]
    public async Task A_question_about_what_the_schema_does_not_have_is_rejected_and_fails()
    {
        ValidationReport report = await Reports.RunAsync(Sharing + """
            assertions:
              assertFalse: [ "document:readme#veiw@user:ann" ]
            """);
        TestResult result = Assert.Single(report.Results);
        Assert.Equal((false, "REJECTED with UNKNOWN_RELATION"), (result.Passed, result.Actual));
    }

    [Fact]
    public async Task More_relationships_than_one_request_may_hold_are_one_write_all_the_same()
    {
        string tuples = string.Join('\n', Enumerable.Range(0, 2500).Select(i => $"  document:readme#viewer@user:u{i}"));
        ValidationReport report = await Reports.RunAsync(Sharing + $"relationships: |\n{tuples}\nassertions:\n  assertTrue: [ \"document:readme#view@user:u2499\" ]");
        Assert.Equal((1, 0), (report.Passed, report.Failed));
    }

    [Fact]
    public async Task The_subjects_of_a_permission_are_compared_both_ways()
    {
        ValidationReport report = await Reports.RunAsync(Sharing + """
            relationships: |
              document:readme#viewer@group:eng#member
              document:readme#viewer@user:ann
              group:eng#member@user:ann
              group:eng#member@user:eve
            validation:
              document:readme#view:
                - "[user:ann] is <document:readme#viewer>"
                - "[group:eng#member] is <document:readme#viewer>"
                - "[user:bob] is <document:readme#viewer>"
            """);
        Assert.Equal("""
            test.yaml:18:3: document:readme#view: expected 3 subjects, got 3 differ
                listed [user:ann] is <document:readme#viewer>, found [user:ann] is <document:readme#viewer>/<group:eng#member>
                not listed: [user:eve] is <group:eng#member>
                not found: [user:bob] is <document:readme#viewer>
            """, Reports.Failures(report));
    }

    [Fact]
    public async Task Wildcards_are_listed_with_those_they_leave_out()
    {
        ValidationReport report = await Reports.RunAsync(Sharing + """
            relationships: |
              document:readme#viewer@user:*
              document:readme#viewer@user:ann
              document:readme#banned@user:bob
              document:readme#banned@user:eve
            validation:
              document:readme#view:
                - "[user:* - {user:eve, user:bob}] is <document:readme#viewer>"
                - "[user:ann] is <document:readme#viewer>"
            """);
        Assert.Equal("", Reports.Failures(report));
    }

    [Fact]
    public async Task Subjects_are_found_through_relations_of_types_whose_names_have_a_slash()
    {
        ValidationReport report = await Reports.RunAsync("""
            schema: |
              definition acme/user {}
              definition acme/document { relation viewer: acme/user
              permission view = viewer }
            relationships: acme/document:readme#viewer@acme/user:ann
            validation:
              acme/document:readme#view: [ "[acme/user:ann] is <acme/document:readme#viewer>" ]
            """);
        Assert.True(report is { Passed: 1, Failed: 0 }, Reports.Failures(report));
    }
}
