namespace AuthzGraph.Model.Tests;

public sealed class TupleTextTests
{
    [Theory]
    [InlineData("document:readme#viewer@user:ann")]
    [InlineData("document:readme#viewer@group:eng#member")]
    [InlineData("document:readme#viewer@user:*")]
    [InlineData("document:/a/{b}#viewer@user:rick@the-citadel.com")]
    [InlineData("document:readme#viewer@user:ann[office:{\"a\":[1,\"]\"]}][from:2026-01-01T00:00:00Z][expiration:2026-01-02T00:00:00.000001Z]")]
    public void A_tuple_reads_back_as_it_was_written(string text) => Assert.Equal(text, RelationTuple.Parse(text).ToString());

    [Theory]
    [InlineData("document:readme")]
    [InlineData("document:readme#viewer")]
    [InlineData("document:*#viewer@user:ann")]
    [InlineData("document:a b#viewer@user:ann")]
    [InlineData("document:readme#viewer@user:*#member")]
    [InlineData("document:readme#viewer@user:ann[expiration:tomorrow]")]
    [InlineData("document:readme#viewer@user:ann[from:2026-01-02T00:00:00Z][expiration:2026-01-01T00:00:00Z]")]
    public void What_is_no_tuple_is_refused(string text) =>
        Assert.Equal("INVALID_TUPLE", Assert.Throws<RejectionException>(() => RelationTuple.Parse(text)).Reason);

    [Fact]
    public void Half_a_surrogate_pair_is_in_no_id() => Assert.False(Names.IsObjectId("a\uD800"));
}
