using static AuthzGraph.SchemaCompiler.Tests.ChangeLines;

namespace AuthzGraph.SchemaCompiler.Tests;

public class CaveatChangeTests
{
    private const string Schema = """
        use expiration
        caveat on_duty(day string, hour int) { day != "sunday" && hour >= 8 }
        caveat nearby(place string) { place == "here" || place == "there" }
        caveat unused(num int) { num == 1 }
        definition user {}
        definition document {
            relation owner: user with on_duty
            relation editor: user with on_duty and expiration
            relation viewer: user | user with nearby
            relation banned: user with nearby
            permission edit = owner + editor
            permission view = viewer - banned
        }
        """;

    [Theory]
    [InlineData("definition user", "caveat later(num int) { num > 1 }\ndefinition user", "- caveat `later` is added")]
    [InlineData("caveat unused(num int) { num == 1 }\n", "", "- caveat `unused` is removed")]
    [InlineData("caveat on_duty", "// At work.\ncaveat on_duty", "- caveat `on_duty` is documented differently")]
    [InlineData("day string, hour int", "hour int, day string", "")]
    [InlineData("day != \"sunday\" && hour >= 8", "(('sunday' != day || day != 'sunday')) && // who knows\n hour >= 8", "! caveat `on_duty` becomes `(\"sunday\" != day || day != \"sunday\") && hour >= 8`, was `day != \"sunday\" && hour >= 8` (it holds whenever it held, and more often)")]
    [InlineData("day != \"sunday\" && hour >= 8", "((day) != 'sunday') &&\n\n (hour >= 8) // working hours\n", "")]
    [InlineData("day != \"sunday\" && hour >= 8", "hour >= 8 && day != 'sunday'", "- caveat `on_duty` becomes `hour >= 8 && day != \"sunday\"`, was `day != \"sunday\" && hour >= 8`")]
    [InlineData("day != \"sunday\" && hour >= 8", "day != 'sunday' && hour >= 8 && hour < 18", "- caveat `on_duty` becomes `day != \"sunday\" && hour >= 8 && hour < 18`, was `day != \"sunday\" && hour >= 8`")]
    [InlineData("day != \"sunday\" && hour >= 8", "day != 'sunday' && hour >= 7", "? caveat `on_duty` becomes `day != \"sunday\" && hour >= 7`, was `day != \"sunday\" && hour >= 8` (it can't be told whether it holds more often)")]
    [InlineData("(day string, hour int) { day != \"sunday\" && hour >= 8 }", "(hour int) { hour >= 8 }", "- caveat `on_duty` no longer takes `day string`\n! caveat `on_duty` becomes `hour >= 8`, was `day != \"sunday\" && hour >= 8` (it holds whenever it held, and more often)")]
    [InlineData("hour int) { day != \"sunday\" && hour >= 8 }", "hour int, place string) { day != \"sunday\" && hour >= 8 && place == \"here\" }", "- caveat `on_duty` now takes `place string`\n- caveat `on_duty` becomes `day != \"sunday\" && hour >= 8 && place == \"here\"`, was `day != \"sunday\" && hour >= 8`")]
    [InlineData("hour int) { day", "hour any) { day", "? caveat `on_duty` now takes `hour any`, before `hour int` (the same expression can come out differently)")]
    [InlineData("num int) { num == 1 }", "num uint) { num == 1u || num == 2u }", "- caveat `unused` now takes `num uint`, before `num int`\n- caveat `unused` becomes `num == 1u || num == 2u`, was `num == 1`")]
    [InlineData(" || place == \"there\"", "", "? caveat `nearby` becomes `place == \"here\"`, was `place == \"here\" || place == \"there\"` (it may hold less often where a permission subtracts it)")]
    [InlineData("place == \"there\"", "place == \"there\" || place == \"home\"", "! caveat `nearby` becomes `place == \"here\" || place == \"there\" || place == \"home\"`, was `place == \"here\" || place == \"there\"` (it holds whenever it held, and more often)")]
    public void A_change_of_a_caveat_is_told_and_judged(string old, string now, string expected) => Assert.Equal(expected, Change(Schema, old, now));

    [Theory]
    [InlineData("owner: user with on_duty", "owner: user", "- relation `document#owner` no longer holds `user with on_duty`\n! relation `document#owner` may now hold `user` (the caveat `on_duty` is no longer required)")]
    [InlineData("owner: user with on_duty", "owner: user with on_duty | user", "! relation `document#owner` may now hold `user` (the caveat `on_duty` is no longer required)")]
    [InlineData("owner: user with on_duty", "owner: user with on_duty and expiration", "- relation `document#owner` no longer holds `user with on_duty`\n- relation `document#owner` may now hold `user with on_duty and expiration`")]
    [InlineData("owner: user with on_duty", "owner: user with on_duty | user with nearby", "! relation `document#owner` may now hold `user with nearby` (the caveat `nearby` is enough)")]
    [InlineData("owner: user with on_duty", "owner: user with on_duty | user with expiration", "! relation `document#owner` may now hold `user with expiration` (no caveat is required when it expires)")]
    [InlineData("owner: user with on_duty", "owner: user with on_duty | user:* with on_duty", "! relation `document#owner` may now hold `user:* with on_duty` (one edge admits every `user`)")]
    [InlineData("editor: user with on_duty and expiration", "editor: user with on_duty", "- relation `document#editor` no longer holds `user with on_duty and expiration`\n! relation `document#editor` may now hold `user with on_duty` (expiration is no longer required)")]
    [InlineData("editor: user with on_duty and expiration", "editor: user with on_duty and expiration | user", "! relation `document#editor` may now hold `user` (the caveat `on_duty` is no longer required)")]
    [InlineData("viewer: user | user with nearby", "viewer: user", "- relation `document#viewer` no longer holds `user with nearby`")]
    [InlineData("viewer: user | user with nearby", "viewer: user | user with nearby | user with on_duty", "- relation `document#viewer` may now hold `user with on_duty`")]
    [InlineData("banned: user with nearby", "banned: user with nearby | user", "- relation `document#banned` may now hold `user`")]
    public void A_caveat_on_a_subject_type_is_told_and_judged(string old, string now, string expected) => Assert.Equal(expected, Change(Schema, old, now));

    [Fact]
    public void A_caveat_that_only_takes_away_widens_by_holding_less_often_and_never_by_holding_more_often()
    {
        string schema = Schema.Replace("viewer: user | user with nearby", "viewer: user");
        const string Place = "place == \"here\" || place == \"there\"";
        Assert.Equal($"- caveat `nearby` becomes `{Place} || place == \"home\"`, was `{Place}`", Change(schema, Place, Place + " || place == \"home\""));
        Assert.StartsWith("? ", Change(schema, Place, "place == \"here\""));
        Assert.EndsWith("(it may hold less often where a permission subtracts it)", Change(schema, Place, "place == \"anywhere\""));
    }

    [Fact]
    public void A_schema_with_caveats_does_not_differ_from_its_canonical_form() =>
        Assert.Equal("", Between(Schema, SchemaFormatter.Format(Schema).Text ?? ""));
}
