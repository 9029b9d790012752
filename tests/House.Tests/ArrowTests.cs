using System.Xml.Linq;

namespace AuthzGraph.House.Tests;

/// <summary>Which room may know which, and who may name what: ARCHITECTURE.md as tests.</summary>
public sealed class ArrowTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Model"] = [],
        ["SchemaCompiler"] = ["Model"],
        ["Graph"] = ["SchemaCompiler"],
        ["Validation"] = ["Graph"],
        ["Protocol"] = [],
        ["Rpc"] = [],
        ["Server"] = ["Graph", "Protocol", "Rpc"],
        ["Client"] = ["Protocol", "Rpc"],
        ["AspNetCore"] = ["Client", "Protocol"],
        ["Cli"] = ["Client", "Server", "Validation"],
    };

    public static TheoryData<string> Rooms => [.. Allowed.Keys];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_knows_only_the_rooms_below_it(string room)
    {
        IEnumerable<string> references = XDocument.Load(Path.Combine(Tree.Root, $"src/{room}/{room}.csproj"))
            .Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")?.Value.Replace('\\', '/')) ?? "");
        Assert.Equal(Allowed[room].Order(), references.Order());
    }

    [Fact]
    public void Every_room_is_on_the_list() =>
        Assert.Equal(Allowed.Keys.Order(), Directory.EnumerateDirectories(Path.Combine(Tree.Root, "src")).Select(Path.GetFileName).Order());

    [Theory]
    [InlineData("FASTER", "src/Graph/Storage/")]
    [InlineData("Microsoft.AspNetCore", "src/Server/", "src/AspNetCore/")]
    [InlineData("Google.Protobuf", "src/Server/", "src/Client/", "src/AspNetCore/", "src/Rpc/", "src/Cli/")]
    [InlineData("AuthzGraph.Protocol", "src/Server/", "src/Client/", "src/AspNetCore/", "src/Cli/")]
    [InlineData("YamlDotNet", "src/Validation/", "src/Server/Configuration/", "src/Server/Security/", "src/Server/Yaml/")]
    [InlineData("OpenTelemetry", "src/Server/Telemetry/")]
    [InlineData("Spectre", "src/Cli/")]
    public void A_library_is_named_only_where_it_lives(string library, params string[] places)
    {
        IEnumerable<string> strangers =
            from path in Tree.SourceFiles("src")
            where !places.Any(place => path.StartsWith(place, StringComparison.Ordinal))
            where Tree.Read(path).Contains($"using {library}", StringComparison.Ordinal)
            select path;
        Assert.Equal("", string.Join('\n', strangers));
    }
}
