using System.Text;
using System.Text.Json;
using Xunit.Abstractions;

namespace AuthzGraph.Cli.Tests.LanguageServer;

/// <summary>Whatever is typed and wherever is asked: there is an answer, and never that we were wrong.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const string Uri = "file:///typed.authz";
    private const int Rounds = 40, EditsEach = 25;
    private const int InternalError = -32603, InvalidParams = -32602;

    private static readonly string[] Typed =
    [
        "definition ", "relation ", "permission ", "use delegation\n", "use partial\n", "partial ", "caveat ", "with ", " and expiration", "principal ", "task\n", "delegation\n",
        "within ", "delegable ", "approval ", "...", "view", "parent->", ".all(", "user", "{", "}", "(", ")", ":", "|", "#", "=", "+", "->", "\"", "//", "/*", "*/", "\n", "\r\n", "\r", "é😀", "\0", " ",
    ];

    private static readonly string[] Asked = ["hover", "definition", "references", "completion", "prepareRename", "rename", "documentSymbol", "formatting"];
    private static readonly string[] Names = ["other", "user", "nil", "Not a name", "acme/other", ""];

    [Fact]
    public async Task No_typing_makes_the_server_fail()
    {
        int seed = Seed.Any();
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        string[] schemas = [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "schemas"), "*.authz", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllText)];
        await using Editor editor = Editor.Ready(random.Next(2) == 0 ? [] : ["utf-8"]);
        editor.Open(Uri, "");
        int answered = 0, version = 1;
        for (int round = 0; round < Rounds; round++)
        {
            StringBuilder text = new(schemas[random.Next(schemas.Length)]);
            for (int edit = 0; edit < EditsEach; edit++)
            {
                Type(text, random);
                editor.Change(Uri, ++version, text.ToString());
                (string method, object parameters) = Question(text.ToString(), random);
                JsonElement answer = editor.Answer($"textDocument/{method}", parameters);
                bool failed = answer.TryGetProperty("error", out JsonElement error) && error.GetProperty("code").GetInt32() is InternalError or InvalidParams;
                Assert.False(failed, $"seed {seed}, version {version}: {method} {JsonSerializer.Serialize(parameters)}: {answer}\n{text}");
                if (!answer.TryGetProperty("error", out _) && answer.GetProperty("result").ValueKind == JsonValueKind.Array && answer.GetProperty("result").GetArrayLength() > 0) answered++;
            }
            editor.Diagnostics(Uri, version);
        }
        output.WriteLine($"{answered} of {Rounds * EditsEach} answers say something");
        Assert.InRange(answered, Rounds * EditsEach / 20, Rounds * EditsEach);
    }

    private static void Type(StringBuilder text, Random random)
    {
        int at = random.Next(text.Length + 1);
        int length = Math.Min(random.Next(random.Next(20) == 0 ? 300 : 8), text.Length - at);
        if (random.Next(3) == 0) text.Remove(at, length);
        else text.Insert(at, Typed[random.Next(Typed.Length)]);
    }

    private static (string Method, object Parameters) Question(string text, Random random)
    {
        string method = Asked[random.Next(Asked.Length)];
        string[] lines = text.Split('\n');
        int line = random.Next(lines.Length + 1);
        int character = random.Next(line < lines.Length ? lines[line].Length + 2 : 3);
        var place = new { textDocument = new { uri = Uri }, position = new { line, character } };
        return method switch
        {
            "references" => (method, new { place.textDocument, place.position, context = new { includeDeclaration = random.Next(2) == 0 } }),
            "rename" => (method, new { place.textDocument, place.position, newName = Names[random.Next(Names.Length)] }),
            _ => (method, place),
        };
    }
}
