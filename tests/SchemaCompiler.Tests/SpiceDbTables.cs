using System.Text.Json;

namespace AuthzGraph.SchemaCompiler.Tests;

/// <summary>Rows of the tables that were taken from SpiceDB's own tests.</summary>
internal static class SpiceDbTables
{
    public static JsonElement.ArrayEnumerator Rows(string file, string function) =>
        Corpus.Json(file).GetProperty("tables").EnumerateArray().Single(t => t.GetProperty("func").GetString() == function).GetProperty("rows").EnumerateArray();
}
