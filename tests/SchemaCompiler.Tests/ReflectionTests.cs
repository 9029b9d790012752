using AuthzGraph.SchemaCompiler.Reflection;

namespace AuthzGraph.SchemaCompiler.Tests;

public class ReflectionTests
{
    [Fact]
    public void A_definition_shows_its_members_clauses_and_comments()
    {
        CompiledSchema schema = Compiled("""
            use expiration
            use delegation
            // Of the file.

            definition user { principal human } // of nobody
            definition folder {}

            /**
             * What people write.
             * And read.
             */
            definition document {
                domain data
                within folder
                // Where it
                // lies.
                relation folder: folder
                relation editor: user | user with expiration
                permission edit = ((editor & nil) - (editor - editor)) + folder->edit
                delegable edit max hops 2 max ttl 90m
                autonomous editor
            }
            """);
        ReflectedDefinition[] definitions = [.. ReflectedSchema.Of(schema).Definitions];
        Assert.Equal(["user", "folder", "document"], definitions.Select(d => d.Name));
        Assert.Equal(("principal human", null), (definitions[0].Role, definitions[0].Comment));
        Assert.Null(definitions[1].Comment);
        ReflectedDefinition document = definitions[2];
        Assert.Equal(("What people write.\nAnd read.", "data", "folder"), (document.Comment, document.Domain, Assert.Single(document.Within)));
        Assert.Equal("Where it\nlies.", document.Relations[0].Comment);
        Assert.Equal(["user", "user with expiration"], document.Relations[1].SubjectTypes.Select(t => t.ToString()));
        Assert.True(document.Relations[1].IsAutonomous);
        ReflectedPermission edit = Assert.Single(document.Permissions);
        Assert.Equal(("(editor & nil - (editor - editor)) + folder->edit", "max hops 2 max ttl 90m"), (edit.Expression, edit.Delegable));
    }

    [Fact]
    public void A_caveat_shows_its_parameters_expression_comment_and_users()
    {
        CompiledSchema schema = Compiled("""
            use expiration
            /* At work. */
            caveat on_duty(hour int, places list<map<string>>) {
                hour >= 8 // early
                    && places.size() > 0
            }
            definition user {}
            definition document {
                relation owner: user with on_duty | user with on_duty and expiration | user:*
                relation editor: user
                relation viewer: document#editor with on_duty
            }
            """);
        ReflectedSchema reflected = ReflectedSchema.Of(schema);
        ReflectedCaveat caveat = Assert.Single(reflected.Caveats);
        Assert.Equal(("on_duty", "At work."), (caveat.Name, caveat.Comment));
        Assert.Equal("hour >= 8 // early\n        && places.size() > 0", caveat.Expression);
        Assert.Equal(["hour int", "places list<map<string>>"], caveat.Parameters.Select(p => $"{p.Name} {p.Type}"));
        Assert.Equal(["document#owner", "document#viewer"], caveat.UsedBy.Select(r => r.ToString()));
        Assert.Equal(["user with on_duty", "user with on_duty and expiration", "user:*"], reflected.Definitions[1].Relations[0].SubjectTypes.Select(t => t.ToString()));
    }

    [Fact]
    public void What_a_relation_decides_and_what_a_permission_rests_on_are_found_through_arrows_and_usersets()
    {
        CompiledSchema schema = Compiled("""
            definition user {}
            definition group { relation member: user | group#member }
            definition folder {
                relation parent: folder
                relation viewer: group#member
                permission view = viewer + parent->view
            }
            definition document {
                relation folder: folder
                relation owner: user
                permission edit = owner
                permission view = edit + folder.all(view)
            }
            """);
        Assert.Equal("document#view folder#view", Computable(schema, "group", "member"));
        Assert.Equal("document#edit document#view", Computable(schema, "document", "owner"));
        Assert.Equal("document#view folder#view", Computable(schema, "folder", "parent"));
        Assert.Equal("document#edit document#folder document#owner folder#parent folder#view folder#viewer group#member", Dependent(schema, "document", "view"));
        Assert.Equal("document#owner", Dependent(schema, "document", "edit"));
    }

    [Fact]
    public void The_canonical_expression_compiles_to_what_it_was_printed_from()
    {
        int seed = Seed.Any();
        Random random = new(seed);
        for (int i = 0; i < 500; i++)
        {
            string expression = Expression(random, 4);
            string once = Printed(expression);
            Assert.True(once == Printed(once), $"seed {seed}: `{expression}` is printed as `{once}`, which is printed as `{Printed(once)}`");
            Assert.True(Meaning(expression) == Meaning(once), $"seed {seed}: `{expression}` is printed as `{once}`, which means something else");
        }
    }

    private static string Expression(Random random, int depth)
    {
        if (depth == 0 || random.Next(4) == 0) return new[] { "aaa", "bbb", "ccc", "nil", "self", "ddd->aaa", "ddd.all(aaa)", "ddd.any(bbb)" }[random.Next(8)];
        string op = new[] { " + ", " & ", " - " }[random.Next(3)];
        string text = Expression(random, depth - 1) + op + Expression(random, depth - 1);
        return random.Next(2) == 0 ? $"({text})" : text;
    }

    private static CompiledSchema WithExpression(string expression) =>
        Compiled($"use self\ndefinition doc {{\n relation aaa: doc\n relation bbb: doc\n relation ccc: doc\n relation ddd: doc\n permission ppp = {expression}\n}}");

    private static string Printed(string expression) =>
        ReflectedSchema.Of(WithExpression(expression)).Definitions[0].Permissions[0].Expression;

    private static string Meaning(string expression) => SchemaText.Of(WithExpression(expression));

    private static string Computable(CompiledSchema schema, string type, string member) =>
        string.Join(' ', Dependencies.ComputablePermissions(schema, Find(schema, type, member)));

    private static string Dependent(CompiledSchema schema, string type, string member) =>
        string.Join(' ', Dependencies.DependentRelations(schema, Find(schema, type, member)));

    private static MemberId Find(CompiledSchema schema, string type, string member) =>
        schema.Members.Single(m => m.Name == member && schema[m.Type].Name == type).Id;

    private static CompiledSchema Compiled(string text)
    {
        Compilation compilation = Compilation.Of(text);
        Assert.True(compilation.Schema is not null, string.Join('\n', compilation.Diagnostics));
        return compilation.Schema;
    }
}
