namespace AuthzGraph.Validation;

/// <summary>What the author probably meant.</summary>
internal static class NearestName
{
    private const int FarthestEdits = 3;

    /// <summary>The name fewest edits away, or null when none is close.</summary>
    public static string? Of(string written, IEnumerable<string> names)
    {
        (string? nearest, int distance) = (null, FarthestEdits + 1);
        foreach (string name in names)
        {
            int edits = Edits(written, name);
            if (edits < distance && edits < name.Length) (nearest, distance) = (name, edits);
        }
        return nearest;
    }

    // Levenshtein's distance, one row at a time.
    private static int Edits(string from, string to)
    {
        int[] row = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int replaced = diagonal + (char.ToLowerInvariant(from[i - 1]) == char.ToLowerInvariant(to[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }
}
