namespace AuthzGraph.SchemaCompiler.Tests;

public class PrecedenceTests
{
    [Theory]
    [InlineData("aaa - bbb + ccc", "(aaa - (bbb + ccc))")]
    [InlineData("aaa + bbb - ccc", "((aaa + bbb) - ccc)")]
    [InlineData("aaa + bbb & ccc", "((aaa + bbb) & ccc)")]
    [InlineData("aaa & bbb + ccc", "(aaa & (bbb + ccc))")]
    [InlineData("aaa - bbb - ccc", "((aaa - bbb) - ccc)")]
    [InlineData("aaa & bbb - ccc & ddd", "((aaa & bbb) - (ccc & ddd))")]
    [InlineData("aaa - bbb & ccc + ddd", "(aaa - (bbb & (ccc + ddd)))")]
    [InlineData("aaa + upper->ddd & ccc", "((aaa + upper.Any(ddd)) & ccc)")]
    [InlineData("aaa - (bbb - ccc)", "(aaa - (bbb - ccc))")]
    [InlineData("(aaa - bbb) + ccc", "((aaa - bbb) + ccc)")]
    [InlineData("((aaa))", "aaa")]
    public void Union_binds_tightest_then_intersection_then_exclusion(string expression, string expected) =>
        Assert.Equal(expected, Rewrite(expression));

    [Theory]
    [InlineData("aaa + bbb + ccc", "(aaa + bbb + ccc)")]
    [InlineData("(aaa + bbb) + (ccc + ddd)", "(aaa + bbb + ccc + ddd)")]
    [InlineData("aaa & (bbb & ccc)", "(aaa & bbb & ccc)")]
    [InlineData("aaa + (bbb & ccc) + ddd", "(aaa + (bbb & ccc) + ddd)")]
    public void Unions_and_intersections_are_flat(string expression, string expected) => Assert.Equal(expected, Rewrite(expression));

    [Fact]
    public void Any_is_an_arrow_and_all_is_another()
    {
        Assert.Equal("upper.Any(ddd)", Rewrite("upper.any(ddd)"));
        Assert.Equal("upper.All(ddd)", Rewrite("upper.all(ddd)"));
    }

    private static string Rewrite(string expression)
    {
        Compilation compilation = Compilation.Of($$"""
            definition thing {
                relation upper: thing
                relation aaa: thing
                relation bbb: thing
                relation ccc: thing
                relation ddd: thing
                permission computed = {{expression}}
            }
            """);
        CompiledSchema schema = Assert.IsType<CompiledSchema>(compilation.Schema);
        string text = SchemaText.Of(schema, schema.Members.Single(m => m.Name == "computed"));
        return text["computed = ".Length..].Replace("[thing>thing.ddd]", "");
    }
}
