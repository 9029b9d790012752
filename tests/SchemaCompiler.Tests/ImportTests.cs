namespace AuthzGraph.SchemaCompiler.Tests;

/// <summary>Schemas of several files; see <see cref="MemoryFolder"/> for how they are written here.</summary>
public class ImportTests
{
    [Fact]
    public void An_import_stands_for_everything_in_its_file()
    {
        Compilation compilation = MemoryFolder.Compile("""
            use import
            use partial

            // Those who ask.
            import "people/user.authz" // all of them

            definition document {
                ...viewing
                permission edit = viewer   // who sees may edit
            }
            // people/user.authz:
            use partial
            use expiration

            // people
            definition user {} // everybody
            caveat weekday(day string) { day != "sunday" }
            partial viewing { relation viewer: user with weekday and expiration }
            // the end of people
            """);
        Assert.Empty(compilation.Diagnostics);
        Assert.Equal("""
            use partial
            use expiration

            // people
            definition user {} // everybody

            caveat weekday(day string) {
                day != "sunday"
            }

            partial viewing {
                relation viewer: user with weekday and expiration
            }

            // the end of people

            definition document {
                ...viewing
                permission edit = viewer // who sees may edit
            }

            """, compilation.Schema?.Text);
        StandsAlone(compilation);
    }

    [Fact]
    public void A_file_imported_twice_counts_once_where_it_is_imported_first()
    {
        MemoryFolder folder = new("""
            use import
            import "aaa.authz"
            definition mid {}
            import 'bbb.authz'
            import "./base.authz"
            // aaa.authz:
            use import
            import "base.authz"
            definition aaa { relation viewer: user }
            // bbb.authz:
            use import
            definition bbb { relation viewer: user }
            import "aaa.authz"
            import "base.authz"
            // base.authz:
            definition user {}
            """);
        Assert.Equal("user aaa mid bbb", Types(StandsAlone(folder.Compile())));
        Assert.Equal(["aaa.authz", "base.authz", "bbb.authz"], folder.Asked);
    }

    [Fact]
    public void A_path_starts_at_the_folder_of_the_schema_or_else_of_its_file()
    {
        MemoryFolder folder = new("""
            use import
            import "team/all.authz"
            // team/all.authz:
            use import
            import "user.authz"
            import "lead.authz"
            // team/user.authz: definition wrong_user {}
            // user.authz: definition user {}
            // team/lead.authz: definition lead {}
            """);
        Assert.Equal("user lead", Types(StandsAlone(folder.Compile())));
        Assert.Equal(["team/all.authz", "user.authz", "lead.authz", "team/lead.authz"], folder.Asked);
    }

    [Fact]
    public void A_file_that_imports_nothing_keeps_its_text() => Assert.Equal(
        "use import\ndefinition   user{}\n", MemoryFolder.Compile("use import\ndefinition   user{}").Schema?.Text);

    [Fact]
    public void A_diagnostic_names_its_file_with_place_and_length_there()
    {
        Compilation compilation = MemoryFolder.Compile("""
            use import
            import "people.authz"
            import "people/none.authz"
            definition document { relation viewer: usr }
            // people.authz:
            definition user {
                relation friend: user
                permission see = freind
            }
            definition team { relation member: user
            """);
        Assert.Null(compilation.Schema);
        Assert.Equal("""
            schema.authz:3:8 (19): AZ0608
            people.authz:4:22 (6): AZ0202
            people.authz:7:1 (0): AZ0104
            """, Said(compilation));
        Assert.Equal(["schema.authz", "people.authz"], compilation.Files.Select(file => file.Path));
        Assert.StartsWith("people.authz:4:22: error AZ0202: `user` has no relation or permission `freind`", compilation.Diagnostics[1].ToString());
    }

    [Theory]
    [InlineData("AZ0609", "import [\"schema.authz\"]\ndefinition user {}")]
    [InlineData("AZ0606", "import [\"../user.authz\"]\ndefinition user {}")]
    [InlineData("AZ0606", "import [\"people/../user.authz\"]\ndefinition user {}\n// user.authz: definition team {}")]
    [InlineData("AZ0606", "import [\"/user.authz\"]\ndefinition user {}")]
    [InlineData("AZ0606", "import [\"user.authz\"]\n// user.authz: elsewhere")]
    [InlineData("AZ0607", "import [\"\"]\ndefinition user {}")]
    [InlineData("AZ0607", "import [\"people/\"]\ndefinition user {}")]
    [InlineData("AZ0607", "import [\"people\\user.authz\"]\ndefinition user {}")]
    [InlineData("AZ0607", "import [\"c:user.authz\"]\ndefinition user {}")]
    [InlineData("AZ0607", "import [\"us\0er.authz\"]\ndefinition user {}")]
    [InlineData("AZ0608", "import [\"\"\"us'\"er.authz\"\"\"]\ndefinition user {}")]
    [InlineData("AZ0609", "import \"aaa.authz\"\n// aaa.authz:\nuse import\nimport \"bbb/bbb.authz\"\n// bbb/bbb.authz:\nuse import\nimport [\"aaa.authz\"]")]
    [InlineData("AZ0116", "import \"aaa.authz\"\n// aaa.authz:\n[import] \"bbb.authz\"\n// bbb.authz: definition user {}")]
    [InlineData("AZ0113", "use expiration\nimport \"aaa.authz\"\n// aaa.authz:\ndefinition user { relation friend: user with [expiration] }")]
    [InlineData("AZ0202", "use self\nimport \"aaa.authz\"\n// aaa.authz:\ndefinition user { permission see = [self] }")]
    [InlineData("AZ0613", "use self\nimport \"aaa.authz\"\n// aaa.authz:\ndefinition user { relation [self]: user\n permission see = [self] }")]
    [InlineData("AZ0205", "import \"aaa.authz\"\ndefinition [user] {}\n// aaa.authz: definition user {}")]
    [InlineData("AZ0510", "use partial\nimport \"aaa.authz\"\ndefinition user {}\npartial [viewing] {}\n// aaa.authz:\nuse partial\npartial viewing {}")]
    [InlineData("AZ0109", "import \"aaa.authz\"\ndefinition user {}\n[use] partial\n// aaa.authz: definition team {}")]
    [InlineData("AZ0104", "import [user]\ndefinition user {}")]
    public void What_is_wrong_with_an_import_is_said_once_where_it_is(string code, string marked)
    {
        string files = $"use import\n{marked}";
        string[] lines = files.Split('\n');
        MemoryFolder folder = new(files.Replace("[", "").Replace("]", ""));
        Compilation compilation = folder.Compile();
        Assert.Null(compilation.Schema);
        Assert.Equal(
            [.. lines.Where(line => line.Contains('[')).SelectMany(line => line.Split('[').Skip(1).Select(rest => $"{code} `{rest.Split(']')[0]}`"))],
            compilation.Diagnostics.Select(d => $"{d.Code} `{folder[d.File ?? ""].Substring(d.Span.Start, d.Span.Length)}`"));
    }

    [Fact]
    public void Of_two_things_with_one_name_the_other_one_s_file_is_named()
    {
        Compilation compilation = MemoryFolder.Compile("use import\nimport \"aaa.authz\"\ndefinition user {}\n// aaa.authz: definition user {}");
        Assert.Contains("`aaa.authz`", Assert.Single(compilation.Diagnostics).Help);
    }

    [Fact]
    public void A_circle_is_shown_step_by_step() => Assert.Contains(
        "`aaa.authz` → `bbb.authz` → `aaa.authz`",
        Assert.Single(MemoryFolder.Compile(
            "use import\nimport \"aaa.authz\"\n// aaa.authz:\nuse import\nimport \"bbb.authz\"\n// bbb.authz:\nuse import\nimport \"aaa.authz\"\ndefinition user {}").Diagnostics).Message);

    [Fact]
    public void A_text_in_no_file_imports_nothing()
    {
        Marked.Says("AZ0605", "use import\nimport [\"user.authz\"]\nimport ['']\ndefinition document { relation viewer: user }");
        Marked.Says("AZ0116", "[import] \"user.authz\"\ndefinition document { relation viewer: user }");
    }

    [Fact]
    public void What_is_wrong_when_all_files_are_put_together_is_said_too()
    {
        string members = string.Concat(Enumerable.Range(0, 60_000).Select(i => $"relation r{i:D5}:user\n"));
        string comments = string.Concat(Enumerable.Repeat($"// {new string('x', 70)}\n", 37_000));
        Compilation compilation = MemoryFolder.Compile(
            $"use import\nimport \"user.authz\"\ndefinition file {{ {members} }}\n// user.authz:\n{comments}definition user {{}}");
        Assert.Equal("AZ0612", Assert.Single(compilation.Diagnostics).Code);
    }

    /// <summary>A schema cut into files at random, each importing others at random, means what it meant in one.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_schema_means_the_same_in_however_many_files(int seed)
    {
        Random random = new(seed);
        string[] definitions = [.. Samples.Delegation.Split("\n\n").Skip(1)];
        const string Uses = "use import\nuse expiration\nuse delegation\n";
        for (int round = 0; round < 50; round++)
        {
            int[] fileOf = [.. definitions.Select(_ => random.Next(1, 6))];
            string File(int file) => Uses
                + string.Concat(Enumerable.Range(file + 1, 6 - file).Where(other => random.Next(2) == 0).Select(other => $"import \"file{other}.authz\"\n"))
                + string.Join("\n\n", definitions.Where((_, i) => fileOf[i] == file));
            string files = Uses + string.Concat(Enumerable.Range(1, 6).OrderBy(_ => random.Next()).Select(file => $"import \"file{file}.authz\"\n"))
                + string.Concat(Enumerable.Range(1, 6).Select(file => $"\n// file{file}.authz:\n{File(file)}"));
            Compilation compilation = MemoryFolder.Compile(files);
            Assert.True(compilation.Diagnostics.IsEmpty, $"seed {seed}, round {round}: {string.Join("; ", compilation.Diagnostics)}\n{files}");
            StandsAlone(compilation);
            Assert.Equal(Sorted(Samples.Delegation), Sorted(compilation.Schema?.Text ?? ""));
        }
    }

    /// <summary>The text of a schema in files, compiled alone, is the same schema.</summary>
    internal static CompiledSchema StandsAlone(Compilation compilation)
    {
        CompiledSchema together = Assert.IsType<CompiledSchema>(compilation.Schema);
        CompiledSchema alone = Assert.IsType<CompiledSchema>(Compilation.Of(together.Text).Schema);
        Assert.Equal(SchemaText.Of(together), SchemaText.Of(alone));
        Assert.Equal(together.Types.Select(t => t.Comment), alone.Types.Select(t => t.Comment));
        Assert.Equal(together.Members.Select(t => t.Comment), alone.Members.Select(t => t.Comment));
        Assert.Equal(together.Digest, alone.Digest);
        Assert.Equal(together.Text, Formatted.Of(together.Text));
        return together;
    }

    private static string Types(CompiledSchema schema) => string.Join(' ', schema.Types.Select(type => type.Name));

    private static string Said(Compilation compilation) =>
        string.Join('\n', compilation.Diagnostics.Select(d => $"{d.File}:{d.Position} ({d.Span.Length}): {d.Code}"));

    private static string Sorted(string schema) =>
        string.Join("\n\n", Formatted.Of(schema).Split("\n\n").Select(part => part.Trim()).Where(part => !part.StartsWith("use", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
}
