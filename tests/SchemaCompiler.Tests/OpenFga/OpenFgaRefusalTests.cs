using AuthzGraph.SchemaCompiler.OpenFga;

namespace AuthzGraph.SchemaCompiler.Tests.OpenFga;

/// <summary>What does not translate is said with its place, and then there is no schema.</summary>
public sealed class OpenFgaRefusalTests
{
    [Theory]
    [InlineData("AZ0901", "type user«!»")]
    [InlineData("AZ0902", "type user\n  «define» viewer: [user]")]
    [InlineData("AZ0902", "type user\n  relations\n    define viewer«[»user]")]
    [InlineData("AZ0902", "type user\n  relations\n    define viewer: [«]»")]
    [InlineData("AZ0902", "type user\n  relations\n    define viewer: [user] «[»user]")]
    [InlineData("AZ0902", "type user\n  relations\n    define viewer:\n    «define» editor: [user]")]
    [InlineData("AZ0902", "«tpye» user\ntype group")]
    [InlineData("AZ0902", "type user «condition» x(y: int) { y > 1 }")]
    [InlineData("AZ0902", "condition x(«)» { true }")]
    [InlineData("AZ0903", "condition abc(y: int) «{» y > 1")]
    [InlineData("AZ0905", "type user\n  relations\n    define one: [user]\n    define two: [user] or one «and» one")]
    [InlineData("AZ0905", "type user\n  relations\n    define one: [user]\n    define two: [user] but not one «but» not one")]
    [InlineData("AZ0905", "type user\n  relations\n    define one: [user]\n    define two: one and one «but» not one")]
    [InlineData("AZ0906", "type user\n  relations\n    define one: [user] or «[user:*]»")]
    [InlineData("AZ0910", "type user\n  relations\n    define one: [«usr»]")]
    [InlineData("AZ0911", "type user\n  relations\n    define one: [user#«two»]\n    define six: «three» or one from «four»")]
    [InlineData("AZ0912", "type user\n  relations\n    define one: [user with «night»]")]
    [InlineData("AZ0913", "type user\ntype «user»\n  relations\n    define one: [user]")]
    [InlineData("AZ0913", "type user\n  relations\n    define one: [user]\n    define «one»: [user]")]
    [InlineData("AZ0914", "condition abc(y: «integer») { y > 1 }")]
    [InlineData("AZ0915", "type user\n  relations\n    define one: [user]\n    define two: «three» from one")]
    [InlineData("AZ0921", "«extend» type user\n  relations\n    define one: [user]\ntype group")]
    [InlineData("AZ0922", "type user\n  relations\n    define one: [user]\n    define two: one\n    define six: one from «two»")]
    [InlineData("AZ0922", "type user\n  relations\n    define one: [user]\n    define two: [user] or one\n    define six: one from «two»")]
    [InlineData("AZ0923", "type user\n  relations\n    define one: [user, user:*]\n    define two: one from «one»")]
    [InlineData("AZ0923", "type user\n  relations\n    define one: [user, user#one]\n    define two: one from «one»")]
    [InlineData("AZ0929", "type user\n  relations\n    define «one»: two\n    define two: one")]
    public void A_model_that_does_not_translate_is_refused_where_it_does_not(string code, string declarations) =>
        Translated.Refuses(code, $"model\n  schema 1.1\n{declarations}");

    [Theory]
    [InlineData("AZ0902", "«type» user")]
    [InlineData("AZ0902", "model\n  «version» 1.1\ntype user")]
    [InlineData("AZ0920", "model\n  schema «1.0»\ntype user")]
    [InlineData("AZ0921", "«module» core\ntype user\n  relations\n    define one: [user]")]
    public void So_is_one_that_begins_otherwise(string code, string model) => Translated.Refuses(code, model);

    [Fact]
    public void Parentheses_nest_only_so_deep() =>
        Assert.Equal("AZ0904", Assert.Single(Translated.From($"type user\n  relations\n    define one: {new string('(', 100_000)}").Diagnostics).Code);

    [Fact]
    public void Too_long_a_model_is_not_read() =>
        Assert.Equal("AZ0900", Assert.Single(Translated.From(new string('#', 5_000_000)).Diagnostics).Code);

    [Fact]
    public void The_nearest_name_is_suggested_and_the_place_is_a_line_and_a_column() => Assert.Equal(
        "5:18: error AZ0910: there is no type `usr` (did you mean `user`?)",
        Assert.Single(Translated.From("type user\n  relations\n    define one: [usr]").Diagnostics).ToString());

    [Fact]
    public void A_model_cut_anywhere_or_with_a_character_changed_is_answered_and_what_translates_compiles()
    {
        const int Seed = 20260821;
        const string Model = "model\n  schema 1.1\ntype user\ntype doc\n  relations\n    define own: [user, user:*]\n    define up: [doc] # c\n"
            + "    define see: ([user with big, doc#see] or own) but not (see from up)\ncondition big(a: int) {\n  a > 1\n}\n";
        Random random = new(Seed);
        for (int i = 0; i < 3_000; i++)
        {
            char[] text = [.. Model[..(i % 2 == 0 ? Model.Length : random.Next(Model.Length))]];
            for (int changes = random.Next(3); changes > 0 && text.Length > 0; changes--) text[random.Next(text.Length)] = Model[random.Next(Model.Length)];
            OpenFgaTranslation translation = OpenFgaImport.Translate(new string(text));
            Assert.True(translation.Schema is null == translation.Diagnostics.Any(), $"seed {Seed}, round {i}:\n{new string(text)}");
        }
    }
}
