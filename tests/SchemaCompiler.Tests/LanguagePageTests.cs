using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace AuthzGraph.SchemaCompiler.Tests;

/// <summary>
/// Holds docs/language.md to the compiler. In an example, lines that end in <c>// wrong</c> and <c>// right</c> are alternatives;
/// <c>// wrong × 100</c> stands for a hundred such lines, <c>{n}</c> being their number and <c>{m}</c> the one behind it. An example
/// of several files is written as <see cref="MemoryFolder"/> reads it.
/// </summary>
public class LanguagePageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "language.md"));

    public static TheoryData<string> Codes() => [.. Catalogue().Select(d => d.Code)];

    [Fact]
    public void No_two_diagnostics_share_a_code()
    {
        Assert.Distinct(Catalogue().Select(d => d.Code));
        Assert.All(Catalogue(), d => Assert.Matches("^AZ0[0-6][0-9]{2}$", d.Code));
        Assert.All(Catalogue(), d => Assert.Equal(d.Severity == Severity.Warning, d.Code[4] >= '5'));
    }

    [Fact]
    public void The_page_explains_no_code_that_does_not_exist() =>
        Assert.Equal(Catalogue().Select(d => d.Code).Order(), Regex.Matches(Page, "^#### (.+)$", RegexOptions.Multiline).Select(m => m.Groups[1].Value));

    [Theory]
    [MemberData(nameof(Codes))]
    public void The_wrong_example_of_a_code_produces_it_and_the_right_one_compiles(string code)
    {
        string example = Example(code);
        string[] said = [.. Compile(Variant(example, "wrong")).Diagnostics.Select(d => d.Code).Distinct()];
        Assert.Equal(code == "AZ0004" ? ["AZ0201", code] : [code], said);

        Compilation right = Compile(Variant(example, "right"));
        Assert.Empty(right.Diagnostics);
        Assert.NotNull(right.Schema);
    }

    [Fact]
    public void Every_example_of_the_page_compiles_when_right()
    {
        string[] examples = [.. Regex.Matches(Page, "```authzgraph\n(.*?)```", RegexOptions.Singleline).Select(m => m.Groups[1].Value)];
        Assert.True(examples.Length > 40);
        Assert.All(examples, example => Assert.Empty(Compile(Variant(example, "right")).Diagnostics));
    }

    private static Compilation Compile(string example) =>
        example.Contains("authz:", StringComparison.Ordinal) ? MemoryFolder.Compile(example) : Compilation.Of(example);

    private static string Example(string code)
    {
        Match section = Regex.Match(Page, $"^#### {code}\n(?:(?!^#).)*?```authzgraph\n(.*?)```", RegexOptions.Multiline | RegexOptions.Singleline);
        Assert.True(section.Success, $"docs/language.md has no example for {code}");
        return section.Groups[1].Value;
    }

    private static string Variant(string example, string kept) => string.Concat(example.Split('\n').SelectMany(line =>
    {
        Match marked = Regex.Match(line, @"^(.*?) *// (wrong|right)(?: × ([\d,]+))?$");
        if (!marked.Success) return [line + "\n"];
        if (marked.Groups[2].Value != kept) return [];
        int times = marked.Groups[3].Success ? int.Parse(marked.Groups[3].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture) : 1;
        return Enumerable.Range(0, times).Select(n => marked.Groups[1].Value.Replace("{n}", $"{n:D6}").Replace("{m}", $"{n + 1:D6}") + "\n");
    }));

    /// <summary>What each method of the catalogue says about made-up arguments.</summary>
    private static Diagnostic[] Catalogue()
    {
        IEnumerable<Type> catalogues = typeof(Compilation).Assembly.GetTypes()
            .Where(t => t.Namespace == "AuthzGraph.SchemaCompiler.Diagnostics" && t.Name.EndsWith("Catalogue", StringComparison.Ordinal));
        return [.. catalogues.SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Static))
            .Where(m => m.ReturnType == typeof(Diagnostic))
            .Select(m => m.Invoke(null, [.. m.GetParameters().Select(p => Argument(p.ParameterType))]))
            .OfType<Diagnostic>()];
    }

    private static object Argument(Type type) => type == typeof(string) ? "name" : Activator.CreateInstance(type) ?? "";
}
