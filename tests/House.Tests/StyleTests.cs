using System.Text.RegularExpressions;

namespace AuthzGraph.House.Tests;

/// <summary>What we do without (STYLE): each rule is a pattern, where it holds, and what to do instead.</summary>
public sealed partial class StyleTests
{
    [Theory]
    [InlineData(@"^\s*#\s*region", "src tests perf", "split the file instead")]
    [InlineData(@"//\s*(TODO|FIXME|HACK|XXX)\b", "src tests perf", "do it, or open an issue")]
    [InlineData(@"\basync\s+void\b", "src tests perf", "return a Task")]
    [InlineData(@"\bdynamic\s+\w", "src", "give it a type")]
    [InlineData(@"\bDateTime(Offset)?\.(Utc)?Now\b", "src tests perf", "take a TimeProvider")]
    [InlineData(@"\bRandom\.Shared\b", "src tests perf", "seed a Random and print the seed")]
    [InlineData(@"[\w\)\]>]!(?=[\.;,\)\[\s]|$)(?!=)", "src", "prove it is not null, or make it so")]
    [InlineData(@"\bclass\s+\w*(Manager|Helper|Helpers|Util|Utils|Entity)\b", "src", "name it for what it does")]
    [InlineData(@"^\s*(public|internal|private|protected)\s+static\s+(?!readonly|class|partial|extern|abstract|async|implicit|explicit|virtual|unsafe|ref)[\w<>\[\],.?]+\s_?\w+\s*(=[^>]|;)", "src", "static state is readonly and immutable")]
    [InlineData(@"\[Fact\(Skip|\[Theory\(Skip", "tests", "a test runs or is not there")]
    [InlineData(@"Licensed under|SPDX-License", "src tests perf", "licence headers stay out of files")]
    public void We_do_without(string pattern, string folders, string instead)
    {
        var rule = new Regex(pattern, RegexOptions.CultureInvariant);
        string[] found = [.. folders.Split(' ').SelectMany(Tree.SourceFiles)
            .Where(path => !path.StartsWith("tests/House.Tests/", StringComparison.Ordinal))
            .SelectMany(path => Lines(path).Where(line => rule.IsMatch(line.Text)).Select(line => $"{path}:{line.Number}: {line.Text.Trim()}"))];
        Assert.True(found.Length == 0, $"{instead}:\n{string.Join('\n', found)}");
    }

    [Fact]
    public void Only_the_server_and_the_command_line_speak_to_the_console() => Empty(
        from path in Tree.SourceFiles("src")
        where !path.StartsWith("src/Server/", StringComparison.Ordinal) && !path.StartsWith("src/Cli/", StringComparison.Ordinal)
        where Console().IsMatch(Tree.Read(path))
        select path);

    [Fact]
    public void Classes_are_whole_except_where_a_generator_completes_them() => Empty(
        from path in Tree.SourceFiles("src")
        let text = Tree.Read(path)
        where Partial().IsMatch(text) && !text.Contains("[LoggerMessage", StringComparison.Ordinal) && !text.Contains("[GeneratedRegex", StringComparison.Ordinal)
        select path);

    [Fact]
    public void Files_stay_readable_in_one_sitting() => Empty(
        from path in Tree.SourceFiles("src")
        let lines = Lines(path).Count()
        where lines > 260
        select $"{path} has {lines} lines: which idea could leave?");

    [Fact]
    public void Every_dependency_has_a_line_that_says_why()
    {
        string reasons = string.Concat(Directory.EnumerateFiles(Path.Combine(Tree.Root, "docs/decisions"), "*.md").Select(File.ReadAllText));
        Empty(from Match package in PackageVersion().Matches(Tree.Read("Directory.Packages.props"))
              let name = package.Groups[1].Value
              where !reasons.Contains($"`{name}`", StringComparison.Ordinal)
              select name);
    }

    private static void Empty(IEnumerable<string> found) => Assert.Equal("", string.Join('\n', found));

    private static IEnumerable<(int Number, string Text)> Lines(string path) =>
        Tree.Read(path).TrimEnd('\n').Split('\n').Select((text, i) => (i + 1, WithoutStringsAndComments(text)));

    // a rule is about code: what is quoted or said in a comment is not code, except where the rule is about comments
    private static string WithoutStringsAndComments(string line) =>
        line.TrimStart().StartsWith("//", StringComparison.Ordinal) && !line.Contains("TODO", StringComparison.Ordinal) ? "" : Quoted().Replace(line, "\"\"");

    [GeneratedRegex(@"\bConsole\.")]
    private static partial Regex Console();

    [GeneratedRegex(@"\bpartial\s+(class|record|struct)\b")]
    private static partial Regex Partial();

    [GeneratedRegex("\"(\\\\.|[^\"\\\\])*\"")]
    private static partial Regex Quoted();

    [GeneratedRegex("PackageVersion Include=\"([^\"]+)\"")]
    private static partial Regex PackageVersion();
}
