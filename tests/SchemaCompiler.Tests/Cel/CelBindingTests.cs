using System.Text.Json;
using AuthzGraph.SchemaCompiler.Cel;

namespace AuthzGraph.SchemaCompiler.Tests.Cel;

/// <summary>A context is JSON; its values are read by the types of the parameters.</summary>
public sealed class CelBindingTests
{
    [Theory]
    [InlineData("bool", "true", "true")]
    [InlineData("string", "\"é\\n\"", "\"é\\u000a\"")]
    [InlineData("int", "-5", "-5")]
    [InlineData("int", "\"9223372036854775807\"", "9223372036854775807")]
    [InlineData("int", "9223372036854775807", "9223372036854775807")]
    [InlineData("int", "1e3", "1000")]
    [InlineData("int", "2.0", "2")]
    [InlineData("uint", "18446744073709551615", "18446744073709551615u")]
    [InlineData("uint", "\"18446744073709551615\"", "18446744073709551615u")]
    [InlineData("double", "1", "1.0")]
    [InlineData("double", "\"1.5\"", "1.5")]
    [InlineData("bytes", "\"AP8=\"", "b\"\\x00\\xff\"")]
    [InlineData("duration", "\"1h\"", "duration(\"3600s\")")]
    [InlineData("timestamp", "\"2026-08-01T00:00:00.5Z\"", "timestamp(\"2026-08-01T00:00:00.5Z\")")]
    [InlineData("ipaddress", "\"::ffff:10.0.0.1\"", "10.0.0.1")]
    [InlineData("ipaddress", "\"2001:DB8:0:0::1\"", "2001:db8::1")]
    [InlineData("list<int>", "[1, \"2\"]", "[1, 2]")]
    [InlineData("map<list<string>>", "{\"k\": [\"v\"]}", "{\"k\": [\"v\"]}")]
    [InlineData("any", "{\"k\": [1, null, true, \"s\"]}", "{\"k\": [1.0, null, true, \"s\"]}")]
    public void A_value_is_read_by_its_type(string type, string json, string value) =>
        Assert.Equal(value, CelText.Evaluate("p", $"p {type}", $"{{\"p\": {json}}}"));

    [Theory]
    [InlineData("bool", "\"true\"", "`\"true\"` does not fit type bool")]
    [InlineData("string", "1", "`1` does not fit type string")]
    [InlineData("int", "1.5", "`1.5` does not fit type int")]
    [InlineData("int", "9223372036854775808", "`9223372036854775808` does not fit type int")]
    [InlineData("int", "\" 1\"", "`\" 1\"` does not fit type int")]
    [InlineData("uint", "-1", "`-1` does not fit type uint")]
    [InlineData("double", "1e999", "`1e999` does not fit type double")]
    [InlineData("any", "1e999", "`1e999` does not fit type double")]
    [InlineData("bytes", "\"?\"", "`\"?\"` does not fit type bytes")]
    [InlineData("duration", "60", "`60` does not fit type duration")]
    [InlineData("timestamp", "\"tomorrow\"", "`\"tomorrow\"` does not fit type timestamp")]
    [InlineData("ipaddress", "\"10.0.0.256\"", "`\"10.0.0.256\"` does not fit type ipaddress")]
    [InlineData("ipaddress", "\"10.0.0.1/8\"", "`\"10.0.0.1/8\"` does not fit type ipaddress")]
    [InlineData("list<int>", "[1, \"x\"]", "`\"x\"` does not fit type int")]
    [InlineData("list<int>", "{}", "an object does not fit type list<int>")]
    [InlineData("map<int>", "[]", "an array does not fit type map<int>")]
    [InlineData("string", "null", "`null` does not fit type string")]
    [InlineData("map<int>", "{\"a\": 1, \"a\": 2}", "the key `a` is there twice")]
    public void A_value_that_does_not_fit_names_its_parameter(string type, string json, string problem)
    {
        Assert.False(CelBindings.TryParse(CelText.Variables($"p {type}"), $"{{\"p\": {json}}}", CelUnknownNames.Reject, out _, out string why));
        Assert.Equal($"parameter `p`: {problem}", why);
    }

    [Theory]
    [InlineData("{\"q\": 1}", CelUnknownNames.Reject, "there is no parameter `q`")]
    [InlineData("{\"q\": 1}", CelUnknownNames.Ignore, "")]
    [InlineData("{\"p\": 1, \"p\": 2}", CelUnknownNames.Ignore, "parameter `p` is given twice")]
    [InlineData("[]", CelUnknownNames.Ignore, "a context is a JSON object")]
    [InlineData("{", CelUnknownNames.Ignore, "the context is not JSON")]
    public void A_context_is_an_object_of_known_names(string json, CelUnknownNames unknown, string problem)
    {
        Assert.Equal(problem.Length == 0, CelBindings.TryParse(CelText.Variables("p int"), json, unknown, out _, out string why));
        Assert.Equal(problem, why);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_an_error_and_not_an_exception()
    {
        Assert.False(CelBindings.TryParse(CelText.Variables("p string"), """{"p": "\ud800"}""", CelUnknownNames.Reject, out _, out string value));
        Assert.False(CelBindings.TryParse(CelText.Variables("p any"), """{"p": {"\ud800": 1}}""", CelUnknownNames.Reject, out _, out string key));
        Assert.Equal("a string of the context has half a surrogate pair", value);
        Assert.Equal(value, key);
        string unescaped = $"{{\"p\": \"{(char)0xD800}\"}}";
        Assert.False(CelBindings.TryParse(CelText.Variables("p string"), unescaped, CelUnknownNames.Reject, out _, out string why));
        Assert.Equal("the context is not JSON", why);
    }

    [Fact]
    public void A_context_nests_to_a_limit()
    {
        string json = $"{{\"p\": {new string('[', 200)}{new string(']', 200)}}}";
        using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 1000 });
        Assert.False(CelBindings.TryRead(CelText.Variables("p any"), document.RootElement, CelUnknownNames.Reject, out _, out string why));
        Assert.Equal("parameter `p`: this nests deeper than 64", why);
    }

    [Fact]
    public void Bindings_tell_what_they_have_and_belong_to_their_variables()
    {
        CelProgram program = CelText.Compile("a + b", "a int, b int");
        CelBindings bindings = CelText.Bind(program, """{"b": 1}""");
        Assert.False(bindings.Bound.Contains(0));
        Assert.True(bindings.Bound.Contains(1));
        Assert.Throws<ArgumentException>(() => CelText.Compile("a", "a int").Evaluate(bindings, CelLimits.Default));
    }
}
